/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Registers a phone with a SIP registrar over UDP, as RFC 3261 section 10 and 22 have it, and registers it again with
 * what is remembered of the first time.
 *
 *     register [--strong] [--proof] [--replay] [--late] [--proxy] [--password PASSWORD] [ADDRESS] PORT
 *
 * --strong   answers nothing weaker than SHA-256: a registrar that asks for MD5 alone is refused
 * --proof    believes no registrar that does not prove that it knows the password as well (rspauth)
 * --replay   also sends a request a second time, as an attacker would
 * --proxy    asks for OPTIONS through a proxy, and not for a registration
 *
 * Ends with 0 if it is registered, 2 if the registrar asks for too little, 3 if the password is wrong, 4 if the
 * registrar proves nothing, and 1 for all else.
 */

#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sipseal.h"

#define DOMAIN "atlanta.example"
#define USERNAME "alice"
#define DATAGRAM_CAP 4096
#define WAIT_MS 5000

struct phone {
    int udp;
    unsigned port;
    const char *method;
    unsigned cseq;
    /* What was asked of the network, and came back. */
    char sent[DATAGRAM_CAP], received[DATAGRAM_CAP];
    size_t sent_len, received_len;
    /* What authenticates it, which its response is about. */
    char fields[1024];
    unsigned requests;
    sipseal_digest_account account;
    sipseal_digest_request request;
};

static sipseal_digest_client client;
static uint8_t client_block[SIPSEAL_DIGEST_CLIENT_BLOCK_LEN(2)];

static sipseal_status draw_random(void *user, uint8_t *out, size_t out_len)
{
    FILE *source = fopen("/dev/urandom", "rb");
    size_t drawn = source ? fread(out, 1, out_len, source) : 0;

    (void)user;
    if (source)
        fclose(source);
    return drawn == out_len ? SIPSEAL_OK : SIPSEAL_RANDOM_FAILED;
}

/* Writes a request, with what authenticates it. */
static int write_request(struct phone *phone, const char *fields, size_t fields_len)
{
    int len = snprintf(phone->sent, sizeof phone->sent,
                       "%s %.*s SIP/2.0\r\n"
                       "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%u%u;rport\r\n"
                       "Max-Forwards: 70\r\n"
                       "From: <sip:" USERNAME "@" DOMAIN ">;tag=%u\r\n"
                       "To: <sip:" USERNAME "@" DOMAIN ">\r\n"
                       "Call-ID: %u@127.0.0.1\r\n"
                       "CSeq: %u %s\r\n"
                       "Contact: <sip:" USERNAME "@127.0.0.1:%u>\r\n"
                       "Expires: 60\r\n"
                       "%.*s"
                       "Content-Length: 0\r\n\r\n",
                       phone->method, (int)phone->request.uri_len, phone->request.uri, phone->port, (unsigned)getpid(),
                       phone->cseq, (unsigned)getpid(), (unsigned)getpid(), phone->cseq, phone->method, phone->port,
                       (int)fields_len, fields);

    phone->cseq++;
    if (len < 0 || (size_t)len >= sizeof phone->sent)
        return -1;
    phone->sent_len = (size_t)len;
    return 0;
}

/* Waits for an answer, a final one or not. */
static int hear(struct phone *phone)
{
    struct pollfd readable = { .fd = phone->udp, .events = POLLIN };
    ssize_t len;

    if (poll(&readable, 1, WAIT_MS) != 1)
        return -1;
    len = recv(phone->udp, phone->received, sizeof phone->received - 1, 0);
    if (len <= 0)
        return -1;
    phone->received[len] = 0;
    phone->received_len = (size_t)len;
    printf("%.*s%s\n", (int)strcspn(phone->received, "\r\n"), phone->received,
           strstr(phone->received, "stale=true") ? ", since the nonce is stale" : "");
    return 0;
}

/* Sends what was written, and waits. */
static int ask(struct phone *phone)
{
    phone->requests++;
    return send(phone->udp, phone->sent, phone->sent_len, 0) < 0 ? -1 : hear(phone);
}

/* What the answer means, once it is a final one. */
static sipseal_status take(struct phone *phone)
{
    sipseal_status status;

    do
        status = sipseal_digest_client_take(&client, &phone->request, phone->received, phone->received_len,
                                            &phone->account, 1, draw_random, NULL);
    while (status == SIPSEAL_NOTICE_PROVISIONAL && hear(phone) == 0);
    return status;
}

/* Sends a request until it is answered for good. */
static sipseal_status send_request(struct phone *phone)
{
    size_t fields_len;
    sipseal_status status;

    do {
        status = sipseal_digest_client_write(&client, &phone->request, &phone->account, 1, phone->fields,
                                             sizeof phone->fields, &fields_len);
        if (status < 0)
            return status;
        phone->request.credentials = phone->fields;
        phone->request.credentials_len = fields_len;
        if (write_request(phone, phone->fields, fields_len) || ask(phone)) {
            fprintf(stderr, "no answer\n");
            exit(1);
        }
        status = take(phone);
    } while (status == SIPSEAL_NOTICE_SEND_AGAIN);
    return status;
}

static int is_ok(const struct phone *phone)
{
    return phone->received_len > 12 && memcmp(phone->received, "SIP/2.0 200 ", 12) == 0;
}

/* Whether the last request had the nonce that the response before it gave for it. */
static int took_next_nonce(const char *given, const char *sent)
{
    const char *next = strstr(given, "nextnonce=\""), *taken = strstr(sent, " nonce=\"");
    size_t len;

    if (!next || !taken)
        return 0;
    next += sizeof "nextnonce=\"" - 1;
    taken += sizeof " nonce=\"" - 1;
    len = strcspn(next, "\"") + 1;
    return strncmp(next, taken, len) == 0;
}

/* Again, long after: the nonce has expired, and the secret is right as ever. */
static int too_late(struct phone *phone)
{
    sleep(3);
    phone->requests = 0;
    if (send_request(phone) < 0 || !is_ok(phone) || phone->requests != 2) {
        fprintf(stderr, "an expired nonce took %u requests\n", phone->requests);
        return 1;
    }
    printf("a new nonce in place of an expired one\n");
    return 0;
}

/* The same request again, nonce count and all. */
static int replay(struct phone *phone)
{
    char *cseq = strstr(phone->sent, "CSeq: "), *branch = strstr(phone->sent, "z9hG4bK");

    /* Another transaction, or it would be taken for a retransmission. */
    cseq[6]++;
    branch[7] = 'x';
    if (ask(phone) || is_ok(phone)) {
        fprintf(stderr, "a replay is taken\n");
        return 1;
    }
    if (take(phone) != SIPSEAL_NOTICE_SEND_AGAIN) {
        fprintf(stderr, "a replay brings no new challenge\n");
        return 1;
    }
    phone->cseq += 10;
    return send_request(phone) < 0 || !is_ok(phone);
}

static int told(sipseal_status status)
{
    fprintf(stderr, "%s\n", sipseal_status_str(status));
    switch (status) {
    case SIPSEAL_WEAK_CHALLENGE:
        return 2;
    case SIPSEAL_CREDENTIALS_REJECTED:
        return 3;
    case SIPSEAL_SERVER_NOT_AUTHENTIC:
        return 4;
    default:
        return 1;
    }
}

static int open_udp(struct phone *phone, const char *address, const char *port)
{
    struct sockaddr_in there = { .sin_family = AF_INET }, here;
    socklen_t len = sizeof here;

    there.sin_port = htons((uint16_t)atoi(port));
    if (inet_pton(AF_INET, address, &there.sin_addr) != 1)
        return -1;
    phone->udp = socket(AF_INET, SOCK_DGRAM, 0);
    if (phone->udp < 0 || connect(phone->udp, (const struct sockaddr *)&there, sizeof there) < 0 ||
        getsockname(phone->udp, (struct sockaddr *)&here, &len) < 0)
        return -1;
    phone->port = ntohs(here.sin_port);
    return 0;
}

int main(int argc, char **argv)
{
    static struct phone phone = {
        .method = "REGISTER",
        .cseq = 1,
        .account = { .kind = SIPSEAL_DIGEST_PASSWORD, .username = USERNAME, .username_len = sizeof USERNAME - 1,
                     .secret = "zanzibar", .secret_len = 8 },
        .request = { .uri = "sip:" DOMAIN, .uri_len = sizeof "sip:" DOMAIN - 1 },
    };
    sipseal_digest_policy policy = { .algorithms = SIPSEAL_DIGEST_ALL, .realms = 2, .max_retries = 2 };
    static char given[sizeof phone.received];
    int with_replay = 0, with_proxy = 0, with_expiry = 0, at;
    sipseal_status status;

    for (at = 1; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--strong") == 0)
            policy.algorithms = SIPSEAL_DIGEST_STRONG;
        else if (strcmp(argv[at], "--proof") == 0)
            policy.flags |= SIPSEAL_DIGEST_REQUIRE_PROOF;
        else if (strcmp(argv[at], "--replay") == 0)
            with_replay = 1;
        else if (strcmp(argv[at], "--late") == 0)
            with_expiry = 1;
        else if (strcmp(argv[at], "--proxy") == 0)
            with_proxy = 1;
        else if (strcmp(argv[at], "--password") == 0 && at + 1 < argc)
            phone.account.secret = argv[++at];
    }
    phone.account.secret_len = strlen(phone.account.secret);
    if (with_proxy)
        phone.method = "OPTIONS";
    phone.request.method = phone.method;
    phone.request.method_len = strlen(phone.method);
    if (at >= argc || argc - at > 2 || open_udp(&phone, argc - at == 2 ? argv[at] : "127.0.0.1", argv[argc - 1])) {
        fprintf(stderr, "register [--strong] [--proof] [--replay] [--proxy] [--password PASSWORD] [ADDRESS] PORT\n");
        return 1;
    }

    status = SIPSEAL_CHECK_HEADER();
    if (status >= 0)
        status = sipseal_digest_client_init(&client, client_block, sizeof client_block, &policy);
    if (status >= 0)
        status = send_request(&phone);
    if (status < 0)
        return told(status);
    if (!is_ok(&phone))
        return 1;
    printf("done%s\n", status == SIPSEAL_NOTICE_SERVER_PROVEN ? ", and the server has proven itself" : "");

    /* Again: what is remembered spares the challenge. */
    phone.requests = 0;
    memcpy(given, phone.received, sizeof given);
    status = send_request(&phone);
    if (status < 0)
        return told(status);
    if (!is_ok(&phone) || phone.requests != 1) {
        fprintf(stderr, "the second time took %u requests\n", phone.requests);
        return 1;
    }
    printf("again%s\n", took_next_nonce(given, phone.sent) ? ", with the nonce that was given for it" : "");
    if (with_expiry && too_late(&phone))
        return 1;
    if (with_replay && replay(&phone))
        return 1;
    sipseal_digest_client_wipe(&client);
    close(phone.udp);
    return 0;
}
