//! Certificates, keys, passwords and users that are named: whether they are of use, and whether they are kept.

use std::path::PathBuf;
use std::sync::Arc;

use crate::certificate::{
    CertificateError, Identity, IdentityFiles, authorities, is_read_by_all, secret,
};
use crate::config::Purpose;
use crate::config::contradictions::problem;
use crate::config::problem::{Code, Problem};
use crate::config::section::Written;
use crate::config::typed::Typed;
use crate::smtp::client::Credentials;
use crate::users::Users;

/// A file that is named somewhere.
type File = Written<PathBuf>;

/// Reads the files that are named. What cannot be read may be readable for the user Sluse runs as, so for
/// [`Purpose::Check`] that is a warning.
pub(super) fn check(typed: &Typed, purpose: Purpose, problems: &mut Vec<Problem>) {
    let mut files = Files {
        typed,
        purpose,
        problems,
    };
    for group in &typed.listen.listeners {
        files.pair(group.certificate.as_ref(), group.key.as_ref());
        files.authorities(group.client_authorities.as_ref());
        files.users(group.users.as_ref());
    }
    for route in typed.routes.all() {
        files.pair(route.tls_certificate.as_ref(), route.tls_key.as_ref());
        files.authorities(route.tls_authorities.as_ref());
        files.password(route.auth_password_file.as_ref());
    }
}

struct Files<'a> {
    typed: &'a Typed,
    purpose: Purpose,
    problems: &'a mut Vec<Problem>,
}

impl Files<'_> {
    fn pair(&mut self, certificate: Option<&File>, key: Option<&File>) {
        let (Some(certificate), Some(key)) = (certificate, key) else {
            return;
        };
        let files = IdentityFiles {
            certificate: certificate.value.clone(),
            key: key.value.clone(),
        };
        self.kept(key, "key");
        let Err(error) = Identity::read(&files) else {
            return;
        };
        let is_of_certificate = match &error {
            CertificateError::Unreadable { file, .. }
            | CertificateError::NotPem { file, .. }
            | CertificateError::NoCertificate(file) => *file == files.certificate,
            CertificateError::NoKey(_)
            | CertificateError::EncryptedKey(_)
            | CertificateError::Mismatch { .. }
            | CertificateError::Unusable { .. } => false,
        };
        self.unusable(if is_of_certificate { certificate } else { key }, &error);
    }

    fn authorities(&mut self, file: Option<&File>) {
        if let Some(file) = file
            && let Err(error) = authorities(&file.value)
        {
            self.unusable(file, &error);
        }
    }

    fn password(&mut self, file: Option<&File>) {
        let Some(file) = file else { return };
        self.kept(file, "password");
        match secret(&file.value) {
            Err(error) => self.unusable(file, &error),
            Ok(octets) => {
                let Err(wrong) = Credentials::new("", &octets) else {
                    return;
                };
                let message = format!("{}: {wrong}", file.value.display());
                self.problems.push(problem(
                    self.typed,
                    Code::WrongValue,
                    file,
                    message,
                    "no password",
                    "write the password on the only line of the file",
                ));
            }
        }
    }

    fn users(&mut self, file: Option<&File>) {
        let Some(file) = file else { return };
        self.kept(file, "file of users");
        let Err(error) = Users::read(&file.value) else {
            return;
        };
        for (message, remedy) in error.each() {
            let problem = problem(self.typed, Code::Users, file, message, "of no use", remedy);
            self.problems.push(match self.purpose {
                Purpose::Check if error.is_denied() => problem.warning(),
                Purpose::Check | Purpose::Serve => problem,
            });
        }
    }

    fn unusable(&mut self, file: &File, error: &CertificateError) {
        let problem = Problem::at(
            Code::Certificates,
            Arc::clone(&self.typed.source),
            file.span.clone(),
            error.to_string(),
            "of no use",
            error.remedy(),
        );
        self.problems.push(match self.purpose {
            Purpose::Check if error.is_denied() => problem.warning(),
            Purpose::Check | Purpose::Serve => problem,
        });
    }

    /// A secret that everybody on this machine may read is none.
    fn kept(&mut self, file: &File, what: &str) {
        if !is_read_by_all(&file.value) {
            return;
        }
        let path = file.value.display();
        self.problems.push(
            problem(
                self.typed,
                Code::Doubtful,
                file,
                format!("{path}: every user of this machine can read this {what}"),
                "not secret",
                &format!("`chmod o-r {path}`"),
            )
            .warning(),
        );
    }
}
