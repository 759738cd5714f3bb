// SPDX-License-Identifier: MIT OR Apache-2.0

mod fields;
mod hostile;
mod sdp;
mod torture;
mod uris;
