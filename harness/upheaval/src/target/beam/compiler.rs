//! An Erlang that compiles, for the labs of any number of scenarios.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use upheaval_beam::{Agent, Erl, Node, Raw, Runtime, Session, compile};
use upheaval_term::Term;

use super::lab::{Beams, Lab, PROMPT, Place, Shared};
use super::releases;
use super::run::unexpected;
use super::who::Marks;
use crate::scenario::Scenario;
use crate::target::TargetError;
use crate::target::ops::name;

/// An Erlang, a node of it with a compiler, and what was compiled there: what the labs of
/// several scenarios share. A source is compiled once, however many of them have it.
#[derive(Debug)]
pub struct Compiler {
    erl: Erl,
    runtime: Runtime,
    node: Node,
    session: Session,
    agent: Vec<Raw>,
    compiled: BTreeMap<PathBuf, Compiled>,
}

/// A module, as the compiler gave it.
#[derive(Clone, Debug)]
struct Compiled {
    beam: Vec<u8>,
    /// What `beam_lib:version` says of it.
    version: Term,
    /// What marks its funs: the MD5 of its code.
    mark: [u8; 16],
}

impl Compiler {
    /// Starts a node of the given `erl`, or of the one on the `PATH`, and compiles the
    /// agent on it.
    ///
    /// # Errors
    /// There is no such Erlang, its node does not start, or it has no compiler.
    pub fn new(erl: Option<&Path>) -> Result<Compiler, TargetError> {
        let erl = Erl::find(erl)?;
        let runtime = Runtime::new()?;
        let node = Node::start(&erl)?;
        let session = Session::open(&runtime, &node)?;
        let agent = Agent::compile(&session, node.folder())?;
        Ok(Compiler {
            erl,
            runtime,
            node,
            session,
            agent,
            compiled: BTreeMap::new(),
        })
    }

    /// Compiles a scenario's Erlang modules; each target of the lab will start a node of
    /// this Erlang. A source that was compiled before is taken as it was then.
    ///
    /// # Errors
    /// A version has no Erlang source, or it does not compile, or is not the module and
    /// version that the scenario says.
    pub fn lab(&mut self, scenario: Scenario) -> Result<Lab, TargetError> {
        let place = Place::Started(self.erl.clone());
        self.lab_at(scenario, place)
    }

    pub(super) fn lab_at(&mut self, scenario: Scenario, place: Place) -> Result<Lab, TargetError> {
        let mut beams = Beams::new();
        let mut marks = Marks::new();
        for module in &scenario.modules {
            for version in &module.versions {
                let source = version
                    .erlang
                    .as_ref()
                    .ok_or_else(|| TargetError::NoErlang {
                        scenario: scenario.name.clone(),
                        module: module.name.clone(),
                        vsn: version.vsn.clone(),
                    })?;
                let compiled = self.compiled(source)?;
                compiled.check(source, &module.name, &version.vsn)?;
                marks.insert(compiled.mark, version.vsn.clone());
                beams.insert(
                    (module.name.clone(), version.vsn.clone()),
                    compiled.beam.clone(),
                );
            }
        }
        let releases = releases::make(&self.session, &self.node, &scenario, &beams)?;
        let shared = Shared {
            scenario,
            runtime: self.runtime.clone(),
            place,
            agent: self.agent.clone(),
            releases,
            marks,
        };
        Ok(Lab::of(shared, beams))
    }

    fn compiled(&mut self, source: &Path) -> Result<&Compiled, TargetError> {
        if !self.compiled.contains_key(source) {
            let compiled = Compiled::of(&self.session, source)?;
            self.compiled.insert(source.into(), compiled);
        }
        Ok(&self.compiled[source])
    }
}

impl Compiled {
    fn of(session: &Session, source: &Path) -> Result<Compiled, TargetError> {
        let beam = compile(session, source)?;
        let ask = |what| session.rpc("beam_lib", what, vec![Term::binary(beam.clone())], PROMPT);
        let md5 = ask("md5")?;
        let mark = part(&md5).and_then(|mark| mark.as_binary()?.try_into().ok());
        Ok(Compiled {
            mark: mark.ok_or_else(|| unexpected("beam_lib:md5", &md5))?,
            version: ask("version")?,
            beam,
        })
    }

    /// Whether it is what the scenario says it is.
    fn check(&self, source: &Path, module: &str, vsn: &str) -> Result<(), TargetError> {
        let said = self.version.as_tuple().and_then(|said| said.get(1));
        let is = part(&self.version).and_then(Term::as_string);
        let is_module = said
            .and_then(|said| said.as_tuple()?.first())
            .is_some_and(|found| *found == name(module));
        if is_module && is.as_deref() == Some(vsn) {
            return Ok(());
        }
        Err(TargetError::OtherModule {
            path: source.into(),
            found: said.unwrap_or(&self.version).to_string(),
            module: module.into(),
            vsn: vsn.into(),
        })
    }
}

/// `Part` of `{ok,{Module,Part}}`.
fn part(found: &Term) -> Option<&Term> {
    let [ok, of_module] = found.as_tuple()? else {
        return None;
    };
    of_module
        .as_tuple()
        .filter(|_| ok.is_atom("ok"))
        .and_then(|parts| parts.get(1))
}
