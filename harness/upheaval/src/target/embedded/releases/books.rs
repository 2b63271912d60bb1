//! Which releases there are, and how far each has come (C15).

use upheaval_term::Term;

use crate::target::ops::error;

/// How far a release has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Its files are there.
    Unpacked,
    /// It runs; a restart would start another.
    Current,
    /// A restart would start it.
    Permanent,
    /// It has run.
    Old,
}

impl Status {
    /// As the release handler calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Status::Unpacked => "unpacked",
            Status::Current => "current",
            Status::Permanent => "permanent",
            Status::Old => "old",
        }
    }
}

/// The releases of a node, the one that was unpacked last first, and the tarballs that
/// nobody has unpacked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Books {
    name: String,
    releases: Vec<(String, Status)>,
    /// The same as it was written into a file last, which a restart reads: an install
    /// writes none.
    written: Vec<(String, Status)>,
    tarballs: Vec<String>,
}

impl Books {
    /// The first release is permanent, the others are tarballs.
    pub(super) fn new<'a>(name: &str, releases: impl IntoIterator<Item = &'a str>) -> Books {
        let mut all = releases.into_iter().map(str::to_owned);
        let first = all.next().map(|first| (first, Status::Permanent));
        let releases = Vec::from_iter(first);
        Books {
            name: name.into(),
            written: releases.clone(),
            releases,
            tarballs: all.collect(),
        }
    }

    /// Each release with its status, as `which_releases` gives them.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, Status)> {
        self.releases
            .iter()
            .map(|(vsn, status)| (vsn.as_str(), *status))
    }

    /// The status of a release.
    pub(super) fn status(&self, vsn: &str) -> Option<Status> {
        let mut all = self.all();
        all.find(|(v, _)| *v == vsn).map(|(_, status)| status)
    }

    /// The release that runs, as far as the books tell: the current one, else the
    /// permanent one.
    pub(super) fn latest(&self) -> Option<&str> {
        let with = |wanted| {
            let mut all = self.all();
            all.find(|(_, status)| *status == wanted)
                .map(|(vsn, _)| vsn)
        };
        with(Status::Current).or(with(Status::Permanent))
    }

    /// `unpack_release`, which uses its tarball up.
    pub(super) fn unpack(&mut self, vsn: &str) -> Term {
        let Some(place) = self.tarballs.iter().position(|tarball| tarball == vsn) else {
            let file = format!("{}-{vsn}.tar.gz", self.name);
            return error(Term::tuple([
                Term::atom("no_such_file"),
                Term::string(&file),
            ]));
        };
        let vsn = self.tarballs.remove(place);
        let unpacked = Term::tuple([Term::atom("ok"), Term::string(&vsn)]);
        self.releases.insert(0, (vsn, Status::Unpacked));
        self.write();
        unpacked
    }

    /// A release runs now. The permanent one stays permanent, and what was current is
    /// old.
    pub(super) fn installed(&mut self, vsn: &str) {
        self.set(vsn, Status::Current);
    }

    /// A release is booted by its install, which is written down.
    pub(super) fn installed_by_boot(&mut self, vsn: &str) {
        self.installed(vsn);
        self.write();
    }

    /// `make_permanent`. True where the status has changed by it.
    pub(super) fn make_permanent(&mut self, vsn: &str) -> Result<bool, Term> {
        match self.status(vsn) {
            None => Err(error(of_vsn("no_such_release", vsn))),
            Some(Status::Permanent) => Ok(false),
            Some(Status::Current) => {
                self.set(vsn, Status::Permanent);
                self.write();
                Ok(true)
            }
            Some(status) => Err(bad_status(status)),
        }
    }

    /// `reboot_old_release`, as far as the books go: a release that has run becomes the
    /// permanent one.
    pub(super) fn reboot_old(&mut self, vsn: &str) -> Result<(), Term> {
        match self.status(vsn) {
            None => Err(error(of_vsn("no_such_release", vsn))),
            Some(Status::Old) => {
                self.set(vsn, Status::Permanent);
                self.write();
                self.restarted();
                Ok(())
            }
            Some(status) => Err(bad_status(status)),
        }
    }

    /// `remove_release`: even the one that runs, but not the permanent one.
    pub(super) fn remove(&mut self, vsn: &str) -> Term {
        match self.status(vsn) {
            None => error(of_vsn("no_such_release", vsn)),
            Some(Status::Permanent) => error(of_vsn("permanent", vsn)),
            Some(_) => {
                self.releases.retain(|(v, _)| v != vsn);
                self.write();
                Term::atom("ok")
            }
        }
    }

    /// The node restarts with the permanent release, and finds what was written last.
    pub(super) fn restarted(&mut self) {
        self.releases.clone_from(&self.written);
    }

    /// What is current has not been made permanent, and is written down as unpacked.
    fn write(&mut self) {
        self.written.clone_from(&self.releases);
        for (_, status) in &mut self.written {
            if *status == Status::Current {
                *status = Status::Unpacked;
            }
        }
    }

    fn set(&mut self, vsn: &str, to: Status) {
        for (v, status) in &mut self.releases {
            if v == vsn {
                if *status != Status::Permanent {
                    *status = to;
                }
            } else if *status == to {
                *status = Status::Old;
            }
        }
    }
}

fn bad_status(status: Status) -> Term {
    let why = [Term::atom("bad_status"), Term::atom(status.name())];
    error(Term::tuple(why))
}

/// `{What,Vsn}`.
pub(super) fn of_vsn(what: &'static str, vsn: &str) -> Term {
    Term::tuple([Term::atom(what), Term::string(vsn)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn books() -> Books {
        Books::new("shop", ["1", "2", "3"])
    }

    fn statuses(books: &Books) -> String {
        let all = books
            .all()
            .map(|(vsn, status)| format!("{vsn} {}", status.name()));
        all.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn c15_a_release_goes_from_unpacked_to_current_to_permanent() {
        let mut books = books();
        assert_eq!(books.unpack("2").to_string(), "{ok,\"2\"}");
        assert_eq!(statuses(&books), "2 unpacked, 1 permanent");
        books.installed("2");
        assert_eq!(statuses(&books), "2 current, 1 permanent");
        assert_eq!(books.make_permanent("2"), Ok(true));
        assert_eq!(statuses(&books), "2 permanent, 1 old");
    }

    #[test]
    fn c15_what_is_displaced_is_old() {
        let mut books = books();
        books.unpack("2");
        books.installed("2");
        // The permanent one is installed again, and stays permanent.
        books.installed("1");
        assert_eq!(statuses(&books), "2 old, 1 permanent");
    }

    #[test]
    fn c15_what_cannot_be_done_changes_nothing() {
        let mut books = books();
        let said = |result: Result<bool, Term>| match result {
            Ok(_) => String::from("done"),
            Err(why) => why.to_string(),
        };
        assert_eq!(
            said(books.make_permanent("2")),
            "{error,{no_such_release,\"2\"}}"
        );
        books.unpack("2");
        assert_eq!(
            said(books.make_permanent("2")),
            "{error,{bad_status,unpacked}}"
        );
        assert_eq!(books.remove("1").to_string(), "{error,{permanent,\"1\"}}");
        assert_eq!(
            books.unpack("2").to_string(),
            "{error,{no_such_file,\"shop-2.tar.gz\"}}"
        );
        assert_eq!(statuses(&books), "2 unpacked, 1 permanent");
    }

    #[test]
    fn c12_a_restart_goes_back_to_the_permanent_release() {
        let mut books = books();
        books.unpack("2");
        books.installed("2");
        books.restarted();
        assert_eq!(statuses(&books), "2 unpacked, 1 permanent");
        assert_eq!(books.latest(), Some("1"));
    }

    #[test]
    fn c12_a_restart_forgets_what_installs_alone_have_changed() {
        let mut books = books();
        books.unpack("2");
        books.installed("2");
        books.installed("1");
        let mut forgetful = books.clone();
        assert_eq!(statuses(&forgetful), "2 old, 1 permanent");
        forgetful.restarted();
        assert_eq!(statuses(&forgetful), "2 unpacked, 1 permanent");
        // To unpack another writes down what has happened until then.
        books.unpack("3");
        books.restarted();
        assert_eq!(statuses(&books), "3 unpacked, 2 old, 1 permanent");
    }
}
