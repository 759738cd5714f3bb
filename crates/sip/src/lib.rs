// SPDX-License-Identifier: MIT OR Apache-2.0
//! Views of SIP messages (RFC 3261), their URIs (RFC 3261, RFC 3966) and session descriptions (RFC 8866).
//!
//! Everything here borrows from the octets that came in: nothing is copied, and nothing is allocated.
//!
//! * [`Message`]: start line, header fields and body, with a typed reader for each header field that security
//!   needs.
//! * [`Text`]: a piece of a message that knows where it stands, so that each [`Error`] can say where.
//! * [`Uri`]: SIP, SIPS and tel URIs with the comparison of their RFCs.
//! * [`Authentication`], [`AuthParams`]: what the header fields of digest authentication say.
//! * [`Sdp`]: the lines and media sections of a session description.
//!
//! What is read is what RFC 3261 allows, and of what it does not allow only what RFC 4475 asks a receiver to
//! take, and the forms of [`AuthParams`] that phones and servers send. Limits: messages of [`MAX_MESSAGE_LEN`] octets
//! with [`MAX_HEADER_FIELDS`] header fields, [`MAX_AUTH_PARAMS`] parameters of digest authentication and
//! [`MAX_URI_PARAMS`] parameters of a URI. Nothing recurses. Each call takes time linear in the length of what it reads, but
//! for two: comparing URIs is quadratic in the number of their parameters and header fields, and so is reading a URI
//! whose parameters have names that were made to have the same hash. Nothing is kept between calls: who asks twice has
//! it read twice.
//!
//! No heap, no `std`, no `unsafe`.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod address;
mod authentication;
mod error;
mod header;
mod lexical;
mod message;
mod params;
mod quoted;
mod sdp;
mod start_line;
mod text;
mod uri;
mod values;
mod via;

pub use address::{Address, Contact, DisplayName};
pub use authentication::{AuthName, AuthParam, AuthParams, Authentication, MAX_AUTH_PARAMS};
pub use error::Error;
pub use header::{Header, Headers, MAX_HEADER_FIELDS, Name};
pub use message::{MAX_MESSAGE_LEN, Message};
pub use params::{Param, ParamValue, Params};
pub use quoted::{QuotedString, Unescaped};
pub use sdp::{Attribute, Line, Lines, MAX_SDP_LEN, Media, MediaSections, Sdp};
pub use start_line::{RequestLine, StartLine, StatusLine};
pub use text::Text;
pub use uri::{Host, MAX_URI_PARAMS, SipUri, TelUri, Uri, UriParam, UriParams};
pub use values::{CSeq, CallId, List, MediaType, Number, Value};
pub use via::Via;

#[cfg(test)]
mod tests;
