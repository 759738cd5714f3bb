/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Output with exactly enough room, and every amount less. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

/* One call with `cap` octets of room, out of place. */
static sipseal_status with_room(struct phone *phone, enum call call, const struct area *in,
                                size_t cap, struct area *out)
{
    size_t len = 99;
    sipseal_status status;

    *out = area_new(cap);
    status = phone_call(phone, call, in->data, in->len, out->data, cap, &len);
    if (status < 0) {
        CHECK_EQUAL(len, 0);
        CHECK(area_untouched(out));
    } else {
        CHECK_EQUAL(len, cap);
    }
    return status;
}

/* The same in place: the octets that `cap` allows, or the packet, whichever is more. */
static void without_room_in_place(struct phone *phone, enum call call, const struct area *in,
                                  size_t cap)
{
    struct area both = area_of(in->data, in->len, cap > in->len ? cap : in->len);
    size_t len = 99;

    CHECK_EQUAL(phone_call(phone, call, both.data, in->len, both.data, cap, &len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(len, 0);
    CHECK(area_holds(&both, in->data, in->len));
    area_free(&both);
}

static void too_small(struct phone *phone, enum call call, const struct area *in, size_t needed)
{
    struct snapshot before = phone_snapshot(phone);
    struct area out;
    size_t cap, len = 99;

    for (cap = 0; cap < needed; cap++) {
        CHECK_ROUND("room: call, octets", call, cap);
        CHECK_EQUAL(with_room(phone, call, in, cap, &out), SIPSEAL_BUFFER_TOO_SMALL);
        area_free(&out);
        without_room_in_place(phone, call, in, cap);
    }
    CHECK_EQUAL(phone_call(phone, call, in->data, in->len, NULL, 0, &len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(len, 0);
    phone_unchanged(phone, &before, 0);
}

static void packets(const struct profile *profile, size_t kind)
{
    struct packet packet = packet_of_kind(kind, 7), heard = packet_heard(profile, &packet);
    enum call protect = packet.is_rtcp ? PROTECT_RTCP : PROTECT;
    enum call unprotect = packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    struct area plain = area_of(packet.data, packet.len, packet.len);
    size_t wire_len = plain.len + trailer_len(profile, &packet);
    struct phone phone;
    struct area wire, out;

    phone_open(&phone, profile, 1, 64);

    too_small(&phone, protect, &plain, wire_len);
    CHECK_EQUAL(with_room(&phone, protect, &plain, wire_len, &wire), SIPSEAL_OK);

    too_small(&phone, unprotect, &wire, heard.len);
    CHECK_EQUAL(with_room(&phone, unprotect, &wire, heard.len, &out), SIPSEAL_OK);
    CHECK(area_holds(&out, heard.data, heard.len));

    area_free(&out);
    area_free(&wire);
    area_free(&plain);
    phone_close(&phone);
}

/* In place with exactly the room of the result: a packet grows or shrinks by its trailer. */
static void exactly_in_place(const struct profile *profile, size_t kind)
{
    struct packet packet = packet_of_kind(kind, 8), heard = packet_heard(profile, &packet);
    struct phone phone;
    struct area both;
    size_t len = packet.len;

    phone_open(&phone, profile, 1, 64);
    both = area_of(packet.data, packet.len, packet.len + trailer_len(profile, &packet));
    CHECK_ROUND("exactly: profile, kind", profile->number, kind);
    CHECK_EQUAL(phone_call(&phone, packet.is_rtcp ? PROTECT_RTCP : PROTECT, both.data, len,
                           both.data, both.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, both.len);
    CHECK_EQUAL(phone_call(&phone, packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT, both.data, len,
                           both.data, heard.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, heard.len);
    CHECK(memcmp(both.data, heard.data, heard.len) == 0);
    area_free(&both);
    phone_close(&phone);
}

/* More room than is needed stays as it was. */
static void room_to_spare(const struct profile *profile, size_t kind)
{
    struct packet packet = packet_of_kind(kind, 9), heard = packet_heard(profile, &packet);
    struct phone phone;
    struct area wire, out;
    size_t len;

    phone_open(&phone, profile, 1, 64);
    CHECK_ROUND("to spare: profile, kind", profile->number, kind);
    wire = area_new(packet.len + trailer_len(profile, &packet) + 40);
    CHECK_EQUAL(phone_call(&phone, packet.is_rtcp ? PROTECT_RTCP : PROTECT, packet.data, packet.len,
                           wire.data, wire.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, wire.len - 40);
    CHECK(area_holds(&wire, wire.data, len));
    out = area_new(heard.len + 40);
    CHECK_EQUAL(phone_call(&phone, packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT, wire.data, len,
                           out.data, out.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, heard.len);
    CHECK(area_holds(&out, heard.data, heard.len));
    area_free(&wire);
    area_free(&out);
    phone_close(&phone);
}

void test_capacities(void)
{
    size_t p, kind;

    for (p = 0; p < ALL_PROFILES; p++) {
        for (kind = 0; kind < PACKET_KINDS; kind++) {
            packets(profile_at(p), kind);
            exactly_in_place(profile_at(p), kind);
            room_to_spare(profile_at(p), kind);
        }
    }
}
