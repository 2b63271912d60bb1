//! A node, driven by hand.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use upheaval::scenario::{Module, Scenario, Switch};
use upheaval_node::{
    Answer, Artifact, ClientRequest, Event, Node, Observer, Outcome, Pid, RandomScheduler,
    RequestKind, Stacks,
};
use upheaval_term::Term;

use crate::artifacts;

/// An example of the package `sample-modules`, built, sealed and opened.
///
/// # Panics
/// If it does not build, or is not that version of that module.
pub fn sample(example: &str, module: &str, vsn: &str) -> Artifact {
    let source = sample_scenarios::source(example);
    let scenario = Scenario::new("sample", "one module")
        .module(Module::new(module, Switch::Load).version(vsn, source));
    match artifacts(&scenario).get(module, vsn) {
        Some(artifact) => artifact,
        None => panic!("{module} {vsn} was not built"),
    }
}

/// The bytes of an example's sealed shared object, whatever module it holds.
///
/// # Panics
/// If it does not build.
pub fn sealed(example: &str) -> Vec<u8> {
    let path = match upheaval::artifact::build_sealed(&sample_scenarios::source(example)) {
        Ok(path) => path,
        Err(error) => panic!("{error}"),
    };
    match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => panic!("failed to read {}: {error}", Path::new(&path).display()),
    }
}

/// The answers that clients got, in order, in Erlang's text form.
#[derive(Clone, Debug, Default)]
pub struct Answers(Rc<RefCell<Vec<String>>>);

impl Answers {
    /// A node whose answers these are.
    pub fn node(&self) -> Node {
        Node::new(Stacks::new(), RandomScheduler::new(1), self.clone())
    }

    /// Lets a client call, and the node run until it rests; gives the answer.
    ///
    /// # Panics
    /// If no answer came.
    pub fn call(&self, node: &mut Node, client: Pid, to: &str, request: &str) -> String {
        self.0.borrow_mut().clear();
        let payload: Term = match request.parse() {
            Ok(payload) => payload,
            Err(error) => panic!("{request}: {error}"),
        };
        let request_made = ClientRequest {
            kind: RequestKind::Call,
            to,
            payload: &upheaval_term::encode(&payload),
            timeout: 5000,
        };
        node.request(client, request_made);
        while node.step() {}
        match self.0.borrow_mut().pop() {
            Some(answer) => answer,
            None => panic!("{to} did not answer {request}"),
        }
    }

    /// All answers since the last call.
    pub fn all(&self) -> Vec<String> {
        self.0.borrow().clone()
    }
}

impl Observer for Answers {
    fn observe(&mut self, event: Event<'_>) {
        if let Event::Answered(_, answer) = event {
            let text = |bytes: &[u8]| match upheaval_term::decode(bytes) {
                Ok(term) => term.to_string(),
                Err(error) => error.to_string(),
            };
            self.0.borrow_mut().push(match answer {
                Answer::Reply(data) => text(data),
                Answer::Exit(data) => format!("exit {}", text(data)),
                Answer::Timeout => "timeout".into(),
            });
        }
    }
}

/// Deploys and loads an artifact, and starts a process of it under the module's
/// name; gives how that went.
///
/// # Panics
/// If the load fails.
pub fn start(node: &mut Node, artifact: Artifact, args: &str) -> Option<Outcome> {
    node.deploy(artifact);
    if let Err(error) = node.load(artifact.name()) {
        panic!("{error}");
    }
    let args: Term = match args.parse() {
        Ok(args) => args,
        Err(error) => panic!("{args}: {error}"),
    };
    let (_, tag) = node.start(artifact.name(), artifact.name(), &args);
    while node.step() {}
    node.take(tag)
}
