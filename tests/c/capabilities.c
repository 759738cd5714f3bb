/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Linked in front of the C library, a processor that says it has nothing. No emulated one lacks what the library
 * looks for. */

unsigned long getauxval(unsigned long type);

unsigned long getauxval(unsigned long type)
{
    (void)type;
    return 0;
}
