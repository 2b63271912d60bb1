//! The real systools, on a real node.

use std::path::Path;
use std::time::Duration;

use upheaval_beam::{Node, Runtime, Session, compile};
use upheaval_release::{Application, Direction};
use upheaval_term::Term;

use crate::{erl, folder};

const PATIENCE: Duration = Duration::from_secs(60);

/// An upgrade or a downgrade between two releases.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which way.
    pub direction: Direction,
    /// The release that runs.
    pub from: Vec<Application>,
    /// The release that is gone to.
    pub to: Vec<Application>,
    /// The texts of appups, and the version of which each is asked for a script.
    pub appups: Vec<(String, &'static str)>,
}

/// A real node with the real `systools`.
pub struct Systools {
    session: Session,
    _node: Node,
}

impl Systools {
    /// Starts it.
    ///
    /// # Panics
    /// If there is no Erlang: ask [`has_erlang`](crate::has_erlang) first.
    pub fn start() -> Systools {
        let start = || {
            let node = Node::start(&erl())?;
            let session = Session::open(&Runtime::new()?, &node)?;
            Ok::<_, upheaval_beam::BeamError>((node, session))
        };
        let (node, session) = match start() {
            Ok(started) => started,
            Err(error) => panic!("{error}"),
        };
        let systools = Systools {
            session,
            _node: node,
        };
        systools.load();
        systools
    }

    fn load(&self) {
        let folder = folder();
        let source = folder.path().join("upheaval_appups.erl");
        if let Err(error) = std::fs::write(&source, include_str!("upheaval_appups.erl")) {
            panic!("{error}");
        }
        let beam = match compile(&self.session, &source) {
            Ok(beam) => beam,
            Err(error) => panic!("{error}"),
        };
        let name = Term::atom("upheaval_appups");
        let args = vec![name, Term::string("upheaval_appups"), Term::binary(beam)];
        let loaded = self.call("code", "load_binary", args);
        assert_eq!(loaded.to_string(), "{module,upheaval_appups}");
    }

    fn call(&self, module: &'static str, function: &'static str, args: Vec<Term>) -> Term {
        match self.session.rpc(module, function, args, PATIENCE) {
            Ok(answer) => answer,
            Err(error) => panic!("{error}"),
        }
    }

    /// What `systools_rc:translate_scripts` makes of each.
    ///
    /// # Panics
    /// If the node is lost, or an appup has no clause for its version.
    pub fn translate(&self, questions: &[Question]) -> Vec<Term> {
        let questions = Term::List(questions.iter().map(term).collect());
        match self.call("upheaval_appups", "translate", vec![questions]) {
            Term::List(results) => results,
            other => panic!("{other}"),
        }
    }

    /// Whether `systools:make_relup` takes a clause for this pattern when this version
    /// is upgraded; the files for it are written into a folder.
    ///
    /// # Panics
    /// If the node is lost, or it makes no relup for another reason.
    pub fn takes(&self, folder: &Path, pattern: Term, version: &str) -> bool {
        let folder = Term::string(&folder.to_string_lossy());
        let args = vec![folder, pattern, Term::string(version)];
        let taken = self.call("upheaval_appups", "takes", args);
        taken.as_bool().unwrap_or_else(|| panic!("{taken}"))
    }
}

fn term(question: &Question) -> Term {
    let mode = match question.direction {
        Direction::Up => "up",
        Direction::Down => "dn",
    };
    let appups = question.appups.iter().map(|(text, version)| {
        let (text, version) = (Term::string(text), Term::string(version));
        Term::tuple([text, version])
    });
    Term::Tuple(vec![
        Term::atom(mode),
        Term::List(appups.collect()),
        applications(&question.to),
        applications(&question.from),
    ])
}

fn applications(applications: &[Application]) -> Term {
    let application = |application: &Application| {
        Term::Tuple(vec![
            Term::Atom(application.name.clone()),
            Term::atom(application.start.name()),
            Term::string(&application.vsn),
            Term::list(application.modules.iter().cloned()),
        ])
    };
    Term::List(applications.iter().map(application).collect())
}
