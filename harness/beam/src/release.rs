//! Releases for real nodes: made with systools, and laid out so that each node has a
//! root of its own, in which its release handler may do as it likes.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use upheaval_term::{Atom, Term};

use crate::{BeamError, Node, Session};

/// The program that makes releases, in Erlang.
const SYSTOOLS: &str = include_str!("../agent/upheaval_systools.erl");

/// How long systools may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// One version of an application, as it lies in `lib/`.
#[derive(Clone, Debug)]
pub struct ApplicationFiles {
    /// Its name.
    pub name: String,
    /// Its version.
    pub vsn: String,
    /// The keys of its `.app` file, a list of pairs.
    pub keys: Term,
    /// The text of its `.appup` file, where it has one.
    pub appup: Option<String>,
    /// Its modules, by name.
    pub beams: Vec<(String, Vec<u8>)>,
}

/// One version of a release: which version of which application it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseVersion {
    /// Its version.
    pub vsn: String,
    /// Its applications, by name and version, in start order.
    pub applications: Vec<(String, String)>,
}

/// Releases that nodes can be started with: boot scripts, relups and tarballs. They are
/// kept in memory, so that no file is left however the harness ends.
#[derive(Debug)]
pub struct ReleaseSet {
    name: String,
    releases: Vec<ReleaseVersion>,
    /// The files of a root, by their places in it.
    files: Vec<(PathBuf, Vec<u8>)>,
    otp: PathBuf,
    erts: String,
    /// The applications of OTP that each release has, as `kernel-8.5.3`.
    base: Vec<String>,
}

impl ReleaseSet {
    /// Makes releases with the systools of a node of this machine, oldest first, in a
    /// folder below that node's own. A relup leads up from each earlier release and down
    /// to it, as far as the appups have a way.
    ///
    /// # Errors
    /// There is no sasl, or systools refuses: its own words, with the release.
    pub fn make(
        session: &Session,
        node: &Node,
        name: &str,
        applications: &[ApplicationFiles],
        releases: &[ReleaseVersion],
    ) -> Result<ReleaseSet, BeamError> {
        let folder = tempfile::Builder::new()
            .prefix("releases-")
            .tempdir_in(node.folder())
            .map_err(|error| system("make a folder for releases", &error))?;
        for application in applications {
            write(folder.path(), application)
                .map_err(|error| system("write the files of an application", &error))?;
        }
        let source = folder.path().join("upheaval_systools.erl");
        fs::write(&source, SYSTOOLS).map_err(|error| system("write upheaval_systools", &error))?;
        let beam = crate::compile(session, &source)?;
        let module = Term::atom("upheaval_systools");
        let load = vec![
            module,
            Term::string("upheaval_systools"),
            Term::binary(beam),
        ];
        session.rpc("code", "load_binary", load, PATIENCE)?;
        let wanted = releases.iter().map(|release| {
            let applications = release.applications.iter();
            let applications =
                applications.map(|(name, vsn)| Term::tuple([atom(name), Term::string(vsn)]));
            Term::tuple([Term::string(&release.vsn), Term::list(applications)])
        });
        let args = vec![
            Term::string(&folder.path().to_string_lossy()),
            Term::string(name),
            Term::list(wanted),
        ];
        let answer = session.rpc("upheaval_systools", "make", args, PATIENCE)?;
        let refused = |problem: String| BeamError::Release {
            release: name.into(),
            problem,
        };
        match answer.as_tuple() {
            Some([ok, otp, erts, base]) if ok.is_atom("ok") => Ok(ReleaseSet {
                name: name.into(),
                releases: releases.to_vec(),
                files: files(folder.path(), name, releases)
                    .map_err(|error| system("read the files of a release", &error))?,
                otp: text(otp).into(),
                erts: text(erts),
                base: base
                    .as_list()
                    .unwrap_or_default()
                    .iter()
                    .map(text)
                    .collect(),
            }),
            Some([error, what, release, why]) if error.is_atom("error") => {
                let release = text(release);
                let file = Path::new(&release).file_name().unwrap_or_default();
                Err(refused(format!(
                    "systools:{what} of {} says: {}",
                    file.to_string_lossy(),
                    text(why).trim(),
                )))
            }
            _ => Err(refused(format!("systools gave {answer}"))),
        }
    }

    /// The name that its releases share.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What `release_handler:unpack_release` takes for a version: the name of its
    /// tarball.
    pub fn tarball(&self, vsn: &str) -> String {
        format!("{}-{vsn}", self.name)
    }

    /// The program that starts a node in a root of this set.
    pub(crate) fn program(&self, root: &Path) -> PathBuf {
        self.bin(root).join("erlexec")
    }

    /// Where the programs of a root lie.
    pub(crate) fn bin(&self, root: &Path) -> PathBuf {
        root.join(format!("erts-{}", self.erts)).join("bin")
    }

    /// The first release.
    pub(crate) fn first(&self) -> &str {
        self.releases.first().map_or("", |release| &release.vsn)
    }

    /// A release's boot script in a root, without its ending.
    pub(crate) fn boot(&self, root: &Path, vsn: &str) -> PathBuf {
        root.join("releases").join(vsn).join("start")
    }

    /// A release's configuration in a root.
    pub(crate) fn config(&self, root: &Path, vsn: &str) -> PathBuf {
        root.join("releases").join(vsn).join("sys.config")
    }

    /// The release that the release handler has left word of, in a file of its own, for
    /// whoever boots the node: `ErtsVsn Vsn`.
    pub(crate) fn told(&self, root: &Path, word: &str) -> io::Result<String> {
        let file = root.join("releases").join(word);
        let text = fs::read_to_string(&file)?;
        let vsn = text.split_whitespace().nth(1).map(str::to_owned);
        vsn.ok_or_else(|| {
            let problem = format!("{} holds no version: {text:?}", file.display());
            io::Error::new(io::ErrorKind::InvalidData, problem)
        })
    }

    /// Lays out a root: OTP by links, the first release unpacked and permanent, the
    /// tarballs of all others ready to be unpacked.
    pub(crate) fn lay_out(&self, root: &Path) -> io::Result<()> {
        let lib = root.join("lib");
        let place = root.join("releases").join(self.first());
        fs::create_dir_all(&lib)?;
        fs::create_dir_all(&place)?;
        let erts = format!("erts-{}", self.erts);
        symlink(self.otp.join(&erts), root.join(&erts))?;
        for application in &self.base {
            symlink(
                self.otp.join("lib").join(application),
                lib.join(application),
            )?;
        }
        // For a restart that finds nothing better.
        fs::create_dir(root.join("bin"))?;
        let Some(first) = self.releases.first() else {
            return Ok(());
        };
        for (file, content) in &self.files {
            let file = root.join(file);
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(file, content)?;
        }
        fs::write(
            root.join("releases").join("RELEASES"),
            format!("{}.\n", self.installed(first, &lib)),
        )?;
        fs::write(
            root.join("releases").join("start_erl.data"),
            format!("{} {}\n", self.erts, first.vsn),
        )
    }

    /// What the release handler is to find: the first release, permanent.
    fn installed(&self, first: &ReleaseVersion, lib: &Path) -> Term {
        let base = self.base.iter().filter_map(|name| name.rsplit_once('-'));
        let own = (first.applications.iter()).map(|(name, vsn)| (name.as_str(), vsn.as_str()));
        let applications = base.chain(own).map(|(name, vsn)| {
            let folder = lib.join(format!("{name}-{vsn}"));
            Term::tuple([
                atom(name),
                Term::string(vsn),
                Term::string(&folder.to_string_lossy()),
            ])
        });
        Term::list([Term::tuple([
            Term::atom("release"),
            Term::string(&self.name),
            Term::string(&first.vsn),
            Term::string(&self.erts),
            Term::list(applications),
            Term::atom("permanent"),
        ])])
    }
}

/// Writes `lib/Name-Vsn/ebin`.
fn write(folder: &Path, application: &ApplicationFiles) -> io::Result<()> {
    let ApplicationFiles { name, vsn, .. } = application;
    let ebin = folder
        .join("lib")
        .join(format!("{name}-{vsn}"))
        .join("ebin");
    fs::create_dir_all(&ebin)?;
    let app = Term::tuple([
        Term::atom("application"),
        atom(name),
        application.keys.clone(),
    ]);
    fs::write(ebin.join(format!("{name}.app")), format!("{app}.\n"))?;
    if let Some(appup) = &application.appup {
        fs::write(ebin.join(format!("{name}.appup")), appup)?;
    }
    for (module, beam) in &application.beams {
        fs::write(ebin.join(format!("{module}.beam")), beam)?;
    }
    Ok(())
}

/// Reads what a root is made of: the first release, unpacked, and the tarballs of the
/// others.
fn files(
    made: &Path,
    name: &str,
    releases: &[ReleaseVersion],
) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    let Some((first, later)) = releases.split_first() else {
        return Ok(files);
    };
    for (application, vsn) in &first.applications {
        let ebin = Path::new("lib")
            .join(format!("{application}-{vsn}"))
            .join("ebin");
        for entry in fs::read_dir(made.join(&ebin))? {
            let entry = entry?;
            files.push((ebin.join(entry.file_name()), fs::read(entry.path())?));
        }
    }
    let of = |vsn: &str, file: &str| fs::read(made.join("rel").join(vsn).join(file));
    let releases = Path::new("releases");
    let place = releases.join(&first.vsn);
    let release = format!("{name}-{}", first.vsn);
    for (file, called) in [
        (format!("{release}.boot"), "start.boot".into()),
        ("sys.config".into(), "sys.config".into()),
        (format!("{release}.rel"), format!("{release}.rel")),
    ] {
        files.push((place.join(called), of(&first.vsn, &file)?));
    }
    for release in later {
        let tarball = format!("{name}-{}.tar.gz", release.vsn);
        let content = of(&release.vsn, &tarball)?;
        files.push((releases.join(tarball), content));
    }
    Ok(files)
}

fn atom(name: &str) -> Term {
    Atom::new(name).map_or(Term::atom("undefined"), Term::Atom)
}

/// A string, or a binary, of the node's.
fn text(term: &Term) -> String {
    match term.as_binary() {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => term.as_string().unwrap_or_else(|| term.to_string()),
    }
}

fn system(action: &str, error: &io::Error) -> BeamError {
    BeamError::System {
        action: action.into(),
        error: error.to_string(),
    }
}
