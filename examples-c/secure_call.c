/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A call between two phones, alice and bob, each a process of its own. They agree on keys by SDES, talk over
 * SRTP on the loopback, and attack each other: what they send has forged, replayed and late packets in it.
 * Each knows afterwards what became of every datagram, and the program fails if anything had another fate
 * than it should.
 *
 *     secure_call [--suite NAME] [--realtime] [--out DIR] [ALICE.wav [BOB.wav]]
 */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call/phone.h"

#define PATH_CAP 1024
/* A packet a millisecond is twenty times faster than speech. */
#define FAST_MS 1
#define REALTIME_MS 20

struct options {
    uint32_t profile;
    int interval_ms;
    const char *out;
    const char *wavs[2];
};

static int usage(void)
{
    fprintf(stderr, "secure_call [--suite NAME] [--realtime] [--out DIR] [ALICE.wav [BOB.wav]]\n"
                    "NAME is a crypto-suite, such as AEAD_AES_128_GCM.\n");
    return -1;
}

static int read_options(struct options *options, char **arguments)
{
    int wavs = 0;

    options->profile = SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80;
    options->interval_ms = FAST_MS;
    options->out = ".";
    options->wavs[0] = "/usr/share/sounds/alsa/Front_Center.wav";
    options->wavs[1] = "/usr/share/sounds/alsa/Rear_Left.wav";
    for (; *arguments != NULL; arguments++) {
        if (strcmp(*arguments, "--realtime") == 0) {
            options->interval_ms = REALTIME_MS;
        } else if (strcmp(*arguments, "--suite") == 0 && arguments[1] != NULL) {
            arguments++;
            options->profile = sipseal_srtp_profile_from_name(*arguments, strlen(*arguments));
            if (options->profile == 0)
                return usage();
        } else if (strcmp(*arguments, "--out") == 0 && arguments[1] != NULL) {
            options->out = *++arguments;
        } else if (**arguments != '-' && wavs < 2) {
            options->wavs[wavs++] = *arguments;
        } else {
            return usage();
        }
    }
    return 0;
}

/* DIR/NAME-WHAT.wav */
static int path_of(char path[PATH_CAP], const struct options *options, const char *name, const char *what)
{
    int len = snprintf(path, PATH_CAP, "%s/%s-%s.wav", options->out, name, what);

    if (len > 0 && len < PATH_CAP)
        return 0;
    fprintf(stderr, "the name of the folder is too long\n");
    return -1;
}

static int run_call(struct phone *phone, const struct options *options, int caller)
{
    char said[PATH_CAP], other_said[PATH_CAP], heard[PATH_CAP], overheard[PATH_CAP];
    struct speech speech = { NULL, 0, 0 };
    int result = -1;

    if (path_of(said, options, phone->name, "said") == 0 &&
        path_of(other_said, options, phone->peer, "said") == 0 &&
        path_of(heard, options, phone->name, "heard") == 0 &&
        path_of(overheard, options, phone->peer, "overheard") == 0 &&
        speech_read(&speech, options->wavs[caller ? 0 : 1]) == 0 && speech_write(&speech, said) == 0 &&
        (caller ? phone_call(phone, options->profile) : phone_answer(phone)) == 0 &&
        phone_talk(phone, &speech, options->interval_ms) == 0)
        result = phone_verdict(phone, other_said, heard, overheard);
    speech_free(&speech);
    return result;
}

static int run_phone(const struct options *options, int signalling, int caller)
{
    static struct phone phone;
    int result;

    phone.name = caller ? "alice" : "bob";
    phone.peer = caller ? "bob" : "alice";
    phone.signalling = signalling;
    phone.sockets[MEDIA] = phone.sockets[CONTROL] = -1;
    result = run_call(&phone, options, caller);
    if (phone_close(&phone) != 0)
        result = -1;
    fflush(stdout);
    return result;
}

/* Alice is this process and bob is a child. They share no key: there is none yet. */
static int run_both(const struct options *options)
{
    int ends[2], status = 0, result;
    pid_t bob;

    /* Whoever hangs up is missed when reading. */
    signal(SIGPIPE, SIG_IGN);
    fflush(NULL);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || (bob = fork()) < 0) {
        perror("secure_call");
        return -1;
    }
    if (bob == 0) {
        close(ends[0]);
        _exit(run_phone(options, ends[1], 0) == 0 ? 0 : 1);
    }
    close(ends[1]);
    result = run_phone(options, ends[0], 1);
    while (waitpid(bob, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return result == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
    struct options options;

    if (argc < 1 || read_options(&options, argv + 1) != 0)
        return 2;
    if (SIPSEAL_CHECK_HEADER() < 0 || sipseal_self_test() < 0) {
        fprintf(stderr, "the library is not sound\n");
        return 1;
    }
    if (mkdir(options.out, 0777) != 0 && errno != EEXIST) {
        perror(options.out);
        return 1;
    }
    if (run_both(&options) != 0) {
        printf("\nFAILED\n");
        return 1;
    }
    printf("\nTo listen, in %s:\n"
           "  alice-said.wav  bob-heard.wav    alice-overheard.wav (what a wiretap hears)\n"
           "  bob-said.wav    alice-heard.wav  bob-overheard.wav\n",
           options.out);
    return 0;
}
