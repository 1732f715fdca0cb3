//! Who reserves, and how the shop reaches them.

use std::fmt;

/// Who collects, as typed; nothing is trimmed or refused while somebody types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactDraft {
    /// A name for the desk.
    pub name: String,
    /// Where messages go.
    pub email: String,
    /// Where messages go, or whom the shop calls.
    pub phone: String,
}

/// A contact that was checked: a name, and at least one of e-mail and phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    name: String,
    email: Option<String>,
    phone: Option<String>,
}

/// What is wrong with a field of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactProblem {
    /// There is no name.
    NameMissing,
    /// The name is longer than 80 characters or has control characters.
    NameUnusable,
    /// Neither e-mail nor phone was given.
    NoWayToReach,
    /// The e-mail address cannot be one.
    EmailUnusable,
    /// The phone number cannot be one.
    PhoneUnusable,
}

impl fmt::Display for ContactProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ContactProblem::NameMissing => "the name is missing",
            ContactProblem::NameUnusable => "the name is longer than 80 characters or has control characters",
            ContactProblem::NoWayToReach => "an e-mail address or a phone number is needed",
            ContactProblem::EmailUnusable => "this is not an e-mail address",
            ContactProblem::PhoneUnusable => "this is not a phone number",
        })
    }
}

impl ContactDraft {
    /// Trims and checks.
    ///
    /// # Errors
    /// Every problem at once, in the order of the fields, so that a form can mark all of them.
    pub fn check(&self) -> Result<Contact, Vec<ContactProblem>> {
        let (name, email, phone) = (self.name.trim(), self.email.trim(), self.phone.trim());
        let mut problems = Vec::new();
        if name.is_empty() {
            problems.push(ContactProblem::NameMissing);
        } else if name.chars().count() > 80 || name.chars().any(char::is_control) {
            problems.push(ContactProblem::NameUnusable);
        }
        if email.is_empty() && phone.is_empty() {
            problems.push(ContactProblem::NoWayToReach);
        }
        if !email.is_empty() && !looks_like_email(email) {
            problems.push(ContactProblem::EmailUnusable);
        }
        if !phone.is_empty() && !looks_like_phone(phone) {
            problems.push(ContactProblem::PhoneUnusable);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(Contact { name: name.to_owned(), email: given(email), phone: given(phone) })
    }
}

impl Contact {
    /// 1 to 80 characters.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The e-mail address, if one was given.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// The phone number, if one was given.
    #[must_use]
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }
}

/// Whether mail could be sent there at all. Only the mail server knows more, so this refuses little.
fn looks_like_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain = |t: &str| t.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let labels = host.split('.').collect::<Vec<_>>();
    text.len() <= 254
        && !local.is_empty()
        && plain(text)
        && !local.contains('@')
        && labels.len() >= 2
        && labels.iter().all(|l| !l.is_empty())
}

/// 5 to 20 digits with the marks that people write between them.
fn looks_like_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (5..=20).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " -./()".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, email: &str, phone: &str, expect: &[ContactProblem]) {
        let draft = ContactDraft { name: name.into(), email: email.into(), phone: phone.into() };
        let got = draft.check();
        assert_eq!(got.as_ref().err().map_or(&[][..], Vec::as_slice), expect, "{draft:?}");
    }

    #[test]
    fn a_contact_needs_a_name_and_a_way_to_reach_it() {
        use ContactProblem as P;
        check(" Ada ", "ada@example.org", "", &[]);
        check("Ada", "", "+33 1 99 00 12 34", &[]);
        check("Łucja Żółć", "", "601 234 567", &[]);
        check("", "", "", &[P::NameMissing, P::NoWayToReach]);
        check("Ada", "ada@", "", &[P::EmailUnusable]);
        check("Ada", "a b@example.org", "", &[P::EmailUnusable]);
        check("Ada", "ada@example", "", &[P::EmailUnusable]);
        check("Ada", "", "call me", &[P::PhoneUnusable]);
        check("Ada", "ada@example.org", "12", &[P::PhoneUnusable]);
        check("A\u{0}da", "ada@example.org", "", &[P::NameUnusable]);
        check(&"x".repeat(81), "ada@example.org", "", &[P::NameUnusable]);
    }
}
