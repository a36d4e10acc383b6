//! XFORWARD: what a mail server in front of us tells of its own client (Postfix `XFORWARD_README`).

use std::fmt;

use crate::smtp::{Reply, xtext};

/// What was told of the client before our client, for one transaction. It is passed on as it came, and believed
/// in nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Xforward([Option<Box<str>>; NAMES.len()]);

impl Xforward {
    /// The attributes, in the order in which we announce them.
    pub const NAMES: &[&str] = &NAMES;

    /// Takes the arguments of one command into account. Either all of it is taken, or nothing.
    pub fn add(&mut self, arguments: &[u8]) -> Result<(), Reply> {
        let mut after = self.clone();
        let mut any = false;
        for attribute in arguments
            .split(|&c| c == b' ')
            .filter(|word| !word.is_empty())
        {
            after.set(attribute).ok_or(Reply::BAD_XFORWARD)?;
            any = true;
        }
        if !any || arguments.len() > COMMAND {
            return Err(Reply::BAD_XFORWARD);
        }
        *self = after;
        Ok(())
    }

    /// Whether nothing was told.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The attributes that were told, each with its raw value in xtext.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let told = NAMES.iter().zip(&self.0);
        told.filter_map(|(name, value)| Some((*name, value.as_deref()?)))
    }

    /// The queue identifier of the mail server in front of us, to be shown in logs. `None` where what was told is none, or
    /// may as well be the number of a person.
    pub fn ident(&self) -> Option<Box<str>> {
        let (_, raw) = self.attributes().find(|(name, _)| *name == "IDENT")?;
        // A queue identifier is letters and digits, and nothing else gets into logs by this way.
        let is_ident =
            raw.len() <= 64 && raw.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        let digits = raw.replace('-', "");
        let may_be_a_number = digits
            .split(|c: char| !c.is_ascii_digit())
            .any(|run| run.len() >= NUMBER);
        (is_ident && !may_be_a_number).then(|| raw.into())
    }

    /// The commands that tell a next hop the same, of those attributes it announces. Each is at most 512 octets
    /// with its line ending, which these have.
    pub fn commands(&self, announces: impl Fn(&str) -> bool) -> Vec<Vec<u8>> {
        let mut commands: Vec<Vec<u8>> = Vec::new();
        for (name, value) in self.attributes().filter(|(name, _)| announces(name)) {
            let attribute = format!(" {name}={value}");
            match commands.last_mut() {
                Some(command) if command.len() + attribute.len() <= COMMAND => {
                    command.extend_from_slice(attribute.as_bytes());
                }
                _ => commands.push(format!("XFORWARD{attribute}").into_bytes()),
            }
        }
        for command in &mut commands {
            command.extend_from_slice(b"\r\n");
        }
        commands
    }

    fn set(&mut self, attribute: &[u8]) -> Option<()> {
        let (name, raw) = std::str::from_utf8(attribute).ok()?.split_once('=')?;
        let at = NAMES.iter().position(|it| it.eq_ignore_ascii_case(name))?;
        let value = String::from_utf8(xtext::decode(raw.as_bytes())?).ok()?;
        let unavailable = value.eq_ignore_ascii_case(UNAVAILABLE);
        if value.len() > VALUE || !(unavailable || is_valid(NAMES.get(at)?, &value)) {
            return None;
        }
        *self.0.get_mut(at)? = Some(raw.into());
        Some(())
    }
}

fn is_valid(name: &str, value: &str) -> bool {
    match name {
        "ADDR" => match value.split_at_checked(5) {
            Some((tag, six)) if tag.eq_ignore_ascii_case("IPV6:") => {
                six.parse::<std::net::Ipv6Addr>().is_ok()
            }
            _ => value.parse::<std::net::Ipv4Addr>().is_ok(),
        },
        "PORT" => value.parse::<u16>().is_ok(),
        "SOURCE" => ["LOCAL", "REMOTE"]
            .iter()
            .any(|source| value.eq_ignore_ascii_case(source)),
        _ => !value.is_empty() && !value.chars().any(char::is_control),
    }
}

impl fmt::Debug for Xforward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Xforward({} attributes)", self.attributes().count())
    }
}

const NAMES: [&str; 7] = ["NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE"];

/// What is said of an attribute that exists and is not known.
const UNAVAILABLE: &str = "[UNAVAILABLE]";

/// The digits of a CPR number. An identifier of Postfix has so many in a row once in a hundred times, and is then told by
/// nobody.
const NUMBER: usize = 10;

/// The most octets of a value.
const VALUE: usize = 255;

/// The most octets of a command, without its line ending.
const COMMAND: usize = 510;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_taken_as_they_came() {
        let mut told = Xforward::default();
        told.add(b"NAME=client.example ADDR=IPV6:2001:db8::1 port=25")
            .unwrap();
        told.add(b"HELO=a+20b IDENT=4XyZ SOURCE=REMOTE PORT=[UNAVAILABLE]")
            .unwrap();
        let told_attributes: Vec<_> = told.attributes().collect();
        assert_eq!(
            told_attributes,
            [
                ("NAME", "client.example"),
                ("ADDR", "IPV6:2001:db8::1"),
                ("PORT", "[UNAVAILABLE]"),
                ("HELO", "a+20b"),
                ("IDENT", "4XyZ"),
                ("SOURCE", "REMOTE"),
            ]
        );
        assert_eq!(told.ident().as_deref(), Some("4XyZ"));
        assert_eq!(
            told.commands(|name| name == "HELO" || name == "IDENT"),
            [b"XFORWARD HELO=a+20b IDENT=4XyZ\r\n"]
        );
    }

    #[test]
    fn an_identifier_that_may_be_the_number_of_a_person_is_not_shown() {
        for (ident, shown) in [
            ("4ZqQ1203XKz0", true),
            ("1tXyZ0-00012345-AB", true),
            ("3F28000012B", true),
            ("1405621234", false),
            ("140562-1234", false),
            ("x140562-1-2-34y", false),
            ("a+20b", false),
        ] {
            let mut told = Xforward::default();
            told.add(format!("IDENT={ident}").as_bytes()).unwrap();
            assert_eq!(told.ident().is_some(), shown, "{ident}");
            // What is not shown is passed on all the same.
            assert_eq!(told.commands(|_| true).len(), 1);
        }
    }

    #[test]
    fn a_wrong_attribute_spoils_the_whole_command() {
        for wrong in [
            "",
            "NAME",
            "NAME=a COLOR=red",
            "NAME=a ADDR=2001:db8::1",
            "NAME=a ADDR=IPV6:1.2.3.4",
            "NAME=a PORT=65536",
            "NAME=a HELO=+0D+0A",
            "NAME=a HELO=b+",
            "NAME=a SOURCE=elsewhere",
            &format!("NAME=a HELO={}", "b".repeat(256)),
        ] {
            let mut told = Xforward::default();
            assert_eq!(
                told.add(wrong.as_bytes()),
                Err(Reply::BAD_XFORWARD),
                "{wrong}"
            );
            assert!(told.is_empty());
        }
    }

    #[test]
    fn long_values_are_passed_on_in_several_commands() {
        let mut told = Xforward::default();
        told.add(format!("NAME={} HELO={}", "n".repeat(240), "h".repeat(240)).as_bytes())
            .unwrap();
        told.add(format!("IDENT={}", "i".repeat(240)).as_bytes())
            .unwrap();
        let commands = told.commands(|_| true);
        assert_eq!(commands.len(), 2);
        assert!(commands.iter().all(|command| command.len() <= 512));
    }
}
