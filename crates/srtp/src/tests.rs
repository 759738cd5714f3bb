// SPDX-License-Identifier: MIT OR Apache-2.0
#[test]
fn known_answers() {
    assert_eq!(crate::self_test(), Ok(()));
}
