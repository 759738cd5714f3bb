// SPDX-License-Identifier: MIT OR Apache-2.0
//! A challenge (RFC 7616 section 3.3).

use sipseal_sip::{AuthName, AuthParams, Authentication, Header, ParamValue, QuotedString, Value};

use crate::{Algorithm, Error, Hash, MAX_CHALLENGE_LEN, Policy, Qop};

/// What a challenge says, as far as it is answered.
#[derive(Clone, Copy)]
pub(crate) struct Challenge<'a> {
    pub(crate) realm: QuotedString<'a>,
    pub(crate) nonce: QuotedString<'a>,
    pub(crate) opaque: Option<QuotedString<'a>>,
    pub(crate) algorithm: Algorithm,
    /// Whether it names its algorithm, as the answer then has to.
    pub(crate) names_algorithm: bool,
    /// What is answered of what is offered.
    pub(crate) qop: Option<Qop>,
    pub(crate) is_stale: bool,
    pub(crate) userhash: bool,
}

/// The realm of a challenge, whatever else it says. `None` for another scheme.
#[inline(never)]
pub(crate) fn realm_of<'a>(header: &Header<'a>) -> Result<Option<QuotedString<'a>>, Error> {
    let Some(params) = Authentication::parse(header.value)?.digest()? else {
        return Ok(None);
    };
    let realm = params
        .into_iter()
        .find(|param| param.name == AuthName::Realm);
    quoted(realm.ok_or(missing(params))?.value).map(Some)
}

impl<'a> Challenge<'a> {
    /// Reads a challenge of the Digest scheme.
    ///
    /// Fails with [`Error::Unsupported`] for an algorithm or a qop that is not known, with [`Error::Weak`] for one
    /// that the policy does not allow, and with [`Error::TooLong`] for one that no space has room for.
    #[inline(never)]
    pub(crate) fn read(header: &Header<'a>, policy: Policy) -> Result<Self, Error> {
        let params = Authentication::parse(header.value)?
            .digest()?
            .ok_or(Error::Unsupported)?;
        let (mut realm, mut nonce, mut opaque) = (None, None, None);
        let (mut algorithm, mut qop) = (None, None);
        let (mut is_stale, mut userhash) = (false, false);
        for param in params {
            match param.name {
                AuthName::Realm => realm = Some(quoted(param.value)?),
                AuthName::Nonce => nonce = Some(quoted(param.value)?),
                AuthName::Opaque => opaque = Some(quoted(param.value)?),
                AuthName::Algorithm => algorithm = Some(param.value),
                AuthName::Qop => qop = Some(param.value),
                AuthName::Stale => is_stale = param.value.is("true"),
                AuthName::Userhash => userhash = param.value.is("true"),
                _ => {}
            }
        }
        let (Some(realm), Some(nonce)) = (realm, nonce) else {
            return Err(missing(params));
        };
        let names_algorithm = algorithm.is_some();
        let algorithm = Algorithm::named(algorithm).ok_or(Error::Unsupported)?;
        if !policy.allowed.contains(algorithm) {
            return Err(Error::Weak);
        }
        for text in [Some(realm), Some(nonce), opaque].into_iter().flatten() {
            check_echo(text)?;
        }
        let challenge = Self {
            realm,
            nonce,
            opaque,
            algorithm,
            names_algorithm,
            qop: choose_qop(qop, algorithm, policy)?,
            is_stale,
            userhash,
        };
        if challenge.len() > MAX_CHALLENGE_LEN {
            return Err(Error::TooLong);
        }
        Ok(challenge)
    }

    /// Of two that are allowed, the one of the higher rank is stronger: by its algorithm, then with a qop, then with
    /// the preferred one.
    pub(crate) fn rank(&self, policy: Policy) -> (u8, bool, bool) {
        let is_preferred = self.qop == Some(policy.preferred_qop);
        (self.algorithm.rank(), self.qop.is_some(), is_preferred)
    }

    /// Octets that a space has to hold.
    fn len(&self) -> usize {
        let opaque = self.opaque.map_or(0, |opaque| opaque.raw().len());
        self.realm.raw().len() + self.nonce.raw().len() + opaque
    }
}

fn choose_qop(
    offered: Option<ParamValue<'_>>,
    algorithm: Algorithm,
    policy: Policy,
) -> Result<Option<Qop>, Error> {
    let Some(offered) = offered else {
        // RFC 2069 has MD5 alone, and RFC 8760 section 2.6 wants qop with every other hash. A session has a cnonce, and
        // without qop there is none.
        let can_do_without = algorithm.hash() == Hash::Md5 && !algorithm.is_session();
        return if can_do_without && policy.allow_no_qop && !policy.require_auth_int {
            Ok(None)
        } else {
            Err(Error::Weak)
        };
    };
    let offers = |qop: Qop| {
        let mut options = offered.raw().octets().split(|octet| *octet == b',');
        options.any(|option| {
            option
                .trim_ascii()
                .eq_ignore_ascii_case(qop.name().as_bytes())
        })
    };
    if policy.require_auth_int {
        return if offers(Qop::AuthInt) {
            Ok(Some(Qop::AuthInt))
        } else if offers(Qop::Auth) {
            Err(Error::Weak)
        } else {
            Err(Error::Unsupported)
        };
    }
    let other = match policy.preferred_qop {
        Qop::Auth => Qop::AuthInt,
        Qop::AuthInt => Qop::Auth,
    };
    [policy.preferred_qop, other]
        .into_iter()
        .find(|qop| offers(*qop))
        .map(Some)
        .ok_or(Error::Unsupported)
}

/// What is written again as it stands must have no control characters but those of a fold, and tabs.
fn check_echo(text: QuotedString<'_>) -> Result<(), Error> {
    if text
        .unescaped()
        .any(|octet| octet.is_ascii_control() && octet != b'\t')
    {
        return Err(Error::Syntax(sipseal_sip::Error::Syntax {
            offset: text.raw().offset(),
        }));
    }
    Ok(())
}

/// A value that has to stand between quotes.
pub(crate) fn quoted(value: ParamValue<'_>) -> Result<QuotedString<'_>, Error> {
    match value {
        ParamValue::Quoted(value) => Ok(value),
        ParamValue::Token(value) => Err(Error::Syntax(sipseal_sip::Error::Syntax {
            offset: value.offset(),
        })),
    }
}

/// Something that has to be there is not: what the parameters end with is not all of them.
fn missing(params: AuthParams<'_>) -> Error {
    Error::Syntax(sipseal_sip::Error::Syntax {
        offset: params.text().offset() + params.text().len(),
    })
}
