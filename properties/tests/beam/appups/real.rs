//! A real node that translates.

use std::time::Duration;

use properties::{erl, folder};
use upheaval_beam::{Node, Runtime, Session, compile};
use upheaval_release::{Application, Direction};
use upheaval_term::Term;

use super::draw::Sample;

const PATIENCE: Duration = Duration::from_secs(60);

/// A real node with the real `systools_rc`.
pub(crate) struct Real {
    session: Session,
    _node: Node,
}

impl Real {
    pub(crate) fn start() -> Real {
        let start = || {
            let node = Node::start(&erl())?;
            let session = Session::open(&Runtime::new()?, &node)?;
            Ok::<_, upheaval_beam::BeamError>((node, session))
        };
        let (node, session) = match start() {
            Ok(started) => started,
            Err(error) => panic!("{error}"),
        };
        let real = Real {
            session,
            _node: node,
        };
        real.load();
        real
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

    /// What `systools_rc` makes of each sample.
    pub(crate) fn translate(&self, samples: &[Sample]) -> Vec<Term> {
        let samples = Term::List(samples.iter().map(term).collect());
        match self.call("upheaval_appups", "translate", vec![samples]) {
            Term::List(results) => results,
            other => panic!("{other}"),
        }
    }
}

fn term(sample: &Sample) -> Term {
    let mode = match sample.direction {
        Direction::Up => "up",
        Direction::Down => "dn",
    };
    let appups = sample.appups.iter().map(|(text, version)| {
        let (text, version) = (Term::string(text), Term::string(version));
        Term::tuple([text, version])
    });
    Term::Tuple(vec![
        Term::atom(mode),
        Term::List(appups.collect()),
        applications(&sample.to),
        applications(&sample.from),
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
