/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

#define WINDOW 128

static const struct {
    const char *name;
    uint32_t flag;
} flags[] = {
    { "--unencrypted-srtp", SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP },
    { "--unencrypted-srtcp", SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP },
    { "--unauthenticated-srtp", SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP },
};

int succeeded(const char *what, sipseal_status status)
{
    if (status < 0)
        fprintf(stderr, "%s: %s\n", what, sipseal_status_str(status));
    return status >= 0;
}

static int read_hex(const char *text, uint8_t *octets, size_t cap, size_t *len)
{
    unsigned octet;

    for (*len = 0; *text != '\0'; text += 2, ++*len) {
        if (*len == cap || strspn(text, "0123456789abcdef") < 2 || sscanf(text, "%2x", &octet) != 1)
            return -1;
        octets[*len] = (uint8_t)octet;
    }
    return 0;
}

static int read_number(const char *text, unsigned long max, unsigned long *number)
{
    char *end;

    errno = 0;
    *number = strtoul(text, &end, 0);
    return errno == 0 && end != text && *end == '\0' && *number <= max ? 0 : -1;
}

static int read_flag(struct options *options, const char *name)
{
    size_t i;

    for (i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(name, flags[i].name) == 0) {
            options->layout.flags |= flags[i].flag;
            return 0;
        }
    }
    return -1;
}

/* The profile, which says how long keys are, comes first. */
static int read_secret(struct options *options, const char *value)
{
    size_t key_len = sipseal_srtp_key_len(options->layout.profile), len;
    struct master_key *key = options->keys + options->layout.keys;

    if (options->layout.keys == MAX_KEYS || read_hex(value, key->secret, sizeof key->secret, &len) != 0 ||
        key_len == 0 || len < key_len)
        return -1;
    key->key_len = key_len;
    key->salt_len = len - key_len;
    options->layout.keys++;
    return 0;
}

/* Names the key before it. */
static int read_mki(struct options *options, const char *value)
{
    struct master_key *key = options->keys + options->layout.keys - 1;

    if (options->layout.keys == 0 || read_hex(value, key->mki, sizeof key->mki, &key->mki_len) != 0)
        return -1;
    options->layout.mki_len = (uint32_t)key->mki_len;
    return 0;
}

static int read_value(struct options *options, const char *name, const char *value)
{
    unsigned long number = 0;
    int wrong = 0;

    if (strcmp(name, "--profile") == 0) {
        options->layout.profile = sipseal_srtp_profile_from_name(value, strlen(value));
        wrong = options->layout.profile == 0;
    } else if (strcmp(name, "--secret") == 0) {
        wrong = read_secret(options, value);
    } else if (strcmp(name, "--mki") == 0) {
        wrong = read_mki(options, value);
    } else if (strcmp(name, "--roc") == 0) {
        wrong = read_number(value, UINT32_MAX, &number);
        options->roc = (int64_t)number;
    } else if (strcmp(name, "--ssrc") == 0) {
        wrong = read_number(value, UINT32_MAX, &number);
        options->ssrc = (uint32_t)number;
    } else if (strcmp(name, "--sequence") == 0) {
        wrong = read_number(value, UINT16_MAX, &number);
        options->first_sequence_number = (uint16_t)number;
    } else if (strcmp(name, "--media") == 0) {
        wrong = read_number(value, UINT16_MAX, &number);
        options->media_port = (uint16_t)number;
    } else if (strcmp(name, "--control") == 0) {
        wrong = read_number(value, UINT16_MAX, &number);
        options->control_port = (uint16_t)number;
    } else if (strcmp(name, "--skip") == 0) {
        wrong = read_number(value, UINT16_MAX, &options->skipped);
    } else if (strcmp(name, "--switch") == 0) {
        wrong = read_number(value, UINT16_MAX, &options->switched);
    } else if (strcmp(name, "--answer") == 0) {
        options->description = value;
    } else if (strcmp(name, "--sound") == 0) {
        options->sound = value;
    } else if (strcmp(name, "--reports") == 0) {
        options->reports = value;
    } else {
        wrong = 1;
    }
    return wrong ? -1 : 0;
}

int options_read(struct options *options, char **arguments)
{
    memset(options, 0, sizeof *options);
    options->roc = -1;
    options->layout.streams = 1;
    options->layout.window = WINDOW;
    for (; *arguments != NULL; arguments++) {
        if (read_flag(options, *arguments) == 0)
            continue;
        if (arguments[1] == NULL || read_value(options, *arguments, arguments[1]) != 0) {
            fprintf(stderr, "wrong option %s\n", *arguments);
            return -1;
        }
        arguments++;
    }
    if ((options->layout.keys == 0 && options->description == NULL) || options->sound == NULL || options->reports == NULL) {
        fprintf(stderr, "--secret or --answer, --sound and --reports are needed\n");
        return -1;
    }
    return 0;
}
