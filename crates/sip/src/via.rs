// SPDX-License-Identifier: MIT OR Apache-2.0
//! Via (RFC 3261 section 20.42).

use crate::uri::read_host_port;
use crate::{Error, Host, Params, Text, Value};

/// One hop: `SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via<'a> {
    /// Such as `UDP`.
    pub transport: Text<'a>,
    /// The host that the hop names.
    pub host: Host<'a>,
    /// The port, if it names one.
    pub port: Option<u16>,
    /// `branch` and others.
    pub params: Params<'a>,
}

impl<'a> Via<'a> {
    /// The branch, if there is one.
    #[must_use]
    pub fn branch(&self) -> Option<Text<'a>> {
        Some(self.params.get("branch")?.value?.raw())
    }
}

impl<'a> Value<'a> for Via<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let start = *text;
        if !text.token()?.is("SIP") {
            return Err(start.syntax());
        }
        text.expect_separator(b'/')?;
        let version = text.token()?;
        if !version.is("2.0") {
            return Err(Error::Version {
                offset: version.offset(),
            });
        }
        text.expect_separator(b'/')?;
        let transport = text.token()?;
        text.expect_space()?;
        let (host, port) = read_host_port(text)?;
        Ok(Self {
            transport,
            host,
            port,
            params: Params::read(text)?,
        })
    }
}
