//! One plan on one node.

use std::time::Duration;

use upheaval_beam::{Agent, Node};
use upheaval_term::Term;

use super::lab::{Lab, Site};
use super::translate::translate;
use super::who::Translation;
use super::wire::request;
use crate::history::{Code, Event, Held, History, ProcessId};
use crate::plan::{Plan, Step};
use crate::scenario::Scenario;
use crate::target::control::Control;
use crate::target::ops::{name, perform};
use crate::target::tree::{Start, start_of};
use crate::target::{Look, ModuleLook, Rest, SupervisorLook, TargetError, Watched};

/// How long a system may take to come to rest, if the node has not less for anything.
const REST: Duration = Duration::from_secs(30);

/// How much longer it takes to say so.
const SAYING: Duration = Duration::from_secs(10);

/// One plan on one node, by its agent.
pub(super) struct Run<'a> {
    pub(super) lab: &'a Lab,
    pub(super) scenario: &'a Scenario,
    pub(super) node: &'a mut Node,
    pub(super) agent: &'a mut Agent,
    /// How long the node may take for what takes it no time.
    pub(super) prompt: Duration,
    /// Whether the system comes to rest after each op.
    pub(super) at_rest: bool,
    /// What was traced before the node restarted.
    pub(super) past: Vec<Term>,
}

impl<'a> Run<'a> {
    pub(super) fn new(lab: &'a Lab, site: &'a mut Site) -> Self {
        Run {
            lab,
            scenario: lab.scenario(),
            node: &mut site.node,
            agent: &mut site.agent,
            prompt: lab.patience(),
            at_rest: false,
            past: Vec::new(),
        }
    }

    /// Runs a plan with traffic in the middle of everything.
    pub(super) fn plan(&mut self, plan: &Plan, history: &mut History) -> Result<(), TargetError> {
        self.begin()?;
        for (number, step) in plan.steps.iter().enumerate() {
            if let Err(error) = self.step(number, step) {
                // What was traced until a restart has been fetched.
                let told = translate(self.scenario, self.lab.marks(), &self.past, history);
                error.abandon(history)?;
                return told.map(drop);
            }
            self.run_on(step.steps)?;
        }
        let rests = self.settle()?;
        let looks = self.ask("look", [], self.prompt)?;
        let twice = self.ask("twice", [], self.prompt)?;
        let translation = self.translate(history)?;
        if rests {
            translation.take_what_was_received_unseen(history, &looks);
            history.push(Event::Rested);
            let twice = held_twice(&twice, &translation)?;
            for look in parsed(&looks, &translation, "look")? {
                let known = |(module, vsn): &(String, String)| {
                    self.scenario.find_module(module).map(|_| Code {
                        module: history.symbol(module),
                        vsn: history.symbol(vsn),
                    })
                };
                let code = look.code.as_ref().and_then(known);
                let state = look
                    .state
                    .filter(|_| code.is_some())
                    .map(|state| history.data(&upheaval_term::encode(&state)));
                let name = look.name.map(|name| history.symbol(&name));
                history.push(Event::Final {
                    process: look.process,
                    code,
                    state,
                    queued: look.queued,
                    name,
                });
                for (_, held, of) in twice.iter().filter(|(p, ..)| *p == look.process) {
                    let of = history.data(&upheaval_term::encode(of));
                    let (process, held) = (look.process, *held);
                    history.push(Event::Twice { process, held, of });
                }
            }
        } else {
            let why = Term::atom("not_at_rest_in_time");
            let reason = history.data(&upheaval_term::encode(&why));
            history.push(Event::Abandoned { reason });
        }
        Ok(())
    }

    /// Runs a plan, at rest after each op.
    pub(super) fn watch(&mut self, plan: &Plan) -> Result<Watched, TargetError> {
        self.at_rest = true;
        self.begin()?;
        let mut raw = Vec::new();
        for (number, step) in plan.steps.iter().enumerate() {
            self.step(number, step)?;
            let rests = self.rest()?;
            self.agent.tell(request("note", [request("looks", [])]));
            let looks = self.ask("look", [], self.prompt)?;
            let supervisors = self.ask("supervisors", [], self.prompt)?;
            let modules = self.modules()?;
            let (releases, applications) = self.releases()?;
            raw.push((rests, looks, supervisors, modules, releases, applications));
        }
        // Until then, what happened after the last look has happened.
        self.agent.tell(request("note", [request("looks", [])]));
        let mut watched = Watched::default();
        let translation = self.translate(&mut watched.history)?;
        watched.clock = translation.clock().to_vec();
        for (rests, looks, supervisors, modules, releases, applications) in raw {
            watched.looks.push(Rest {
                rests,
                processes: parsed(&looks, &translation, "look")?,
                supervisors: supervisors_of(&supervisors, &translation)?,
                modules,
                releases,
                applications,
            });
        }
        Ok(watched)
    }

    /// Ends what the case has left on the node; gives what is still there.
    pub(super) fn end(&mut self) -> Result<Term, TargetError> {
        self.ask("end_case", [], self.prompt)
    }

    fn begin(&mut self) -> Result<(), TargetError> {
        if self.lab.releases().is_some() {
            return self.begin_release("started");
        }
        let scenario = self.scenario;
        let loads = scenario.modules.iter().filter_map(|module| {
            let first = Term::string(&module.versions[0].vsn);
            let load = || Term::tuple([name(&module.name), first]);
            scenario.is_run(&module.name).then(load)
        });
        let starts = Term::list(
            scenario
                .started_by_hand()
                .filter_map(|n| start(scenario, n)),
        );
        let clients = Term::Int(i64::from(scenario.clients));
        let loads = Term::list(loads);
        let answer = self.ask("begin_case", [loads, starts, clients], self.prompt)?;
        self.has_begun(&answer)
    }

    /// Whether everything started that a case starts with.
    pub(super) fn has_begun(&self, answer: &Term) -> Result<(), TargetError> {
        match answer.as_tuple() {
            None if answer.is_atom("ok") => Ok(()),
            Some([error, who, why]) if error.is_atom("error") => Err(TargetError::Start {
                scenario: self.scenario.name.clone(),
                process: who.to_string(),
                reason: why.to_string(),
            }),
            _ => Err(unexpected("begin_case", answer)),
        }
    }

    fn step(&mut self, number: usize, step: &Step) -> Result<(), TargetError> {
        let number = Term::Int(i64::try_from(number).unwrap_or(i64::MAX));
        self.agent.tell(request("begin", [number]));
        let scenario = self.scenario;
        let result = perform(scenario, self, step)?;
        self.agent.tell(request("end", [result]));
        Ok(())
    }

    /// Thaws and resumes everybody, and waits until all clients have done what they were
    /// told and everybody rests; false where that takes too long with nothing done. So it
    /// ends: clients have so many requests, and each of them its time.
    fn settle(&mut self) -> Result<bool, TargetError> {
        loop {
            let settles = self.comes_to_rest("settle")?;
            if !settles.is_atom("goes_on") {
                return Ok(settles.as_bool() == Some(true));
            }
        }
    }

    /// Waits until everybody rests; false where that takes too long.
    pub(super) fn rest(&mut self) -> Result<bool, TargetError> {
        Ok(self.comes_to_rest("rest")?.as_bool() == Some(true))
    }

    fn comes_to_rest(&mut self, how: &'static str) -> Result<Term, TargetError> {
        let rest = REST.min(self.prompt);
        let ms = i64::try_from(rest.as_millis()).unwrap_or(i64::MAX);
        self.ask(how, [Term::Int(ms)], self.prompt + rest + SAYING)
    }

    /// What is loaded of each module.
    fn modules(&mut self) -> Result<Vec<ModuleLook>, TargetError> {
        let modules = self.scenario.modules.iter().map(|m| name(&m.name));
        let answer = self.ask("loaded", [Term::list(modules)], self.prompt)?;
        let looks = answer.as_list().unwrap_or_default().iter().map(|look| {
            let [module, current, old] = look.as_tuple()? else {
                return None;
            };
            Some(ModuleLook {
                module: module.as_atom()?.as_str().to_owned(),
                current: current.as_string(),
                has_old: old.as_bool()?,
            })
        });
        looks
            .collect::<Option<_>>()
            .ok_or_else(|| unexpected("loaded", &answer))
    }

    pub(super) fn ask(
        &mut self,
        verb: &'static str,
        args: impl IntoIterator<Item = Term>,
        patience: Duration,
    ) -> Result<Term, TargetError> {
        let mut args = args.into_iter().peekable();
        let request = match args.peek() {
            None => Term::atom(verb),
            Some(_) => request(verb, args),
        };
        Ok(self.agent.ask(request, patience)?)
    }

    fn translate(&mut self, history: &mut History) -> Result<Translation, TargetError> {
        self.keep_events()?;
        translate(self.scenario, self.lab.marks(), &self.past, history)
    }

    /// Fetches what was traced.
    pub(super) fn keep_events(&mut self) -> Result<(), TargetError> {
        let events = self.ask("events", [], self.prompt)?;
        match events {
            Term::List(events) => {
                self.past.extend(events);
                Ok(())
            }
            events => Err(unexpected("events", &events)),
        }
    }
}

/// The start of what is started by hand, as the agent takes it: `{Name,{Module,Args}}`.
pub(super) fn start(scenario: &Scenario, process: &str) -> Option<Term> {
    let Start { module, args } = start_of(scenario, process)?;
    let start = Term::tuple([name(&module), args]);
    Some(Term::tuple([name(process), start]))
}

/// What the agent saw of everybody who was part of the case.
fn parsed(
    looks: &Term,
    translation: &Translation,
    to: &'static str,
) -> Result<Vec<Look>, TargetError> {
    let looks = looks.as_list().ok_or_else(|| unexpected(to, looks))?;
    let mut seen = Vec::new();
    for look in looks {
        let Some([pid, name, module, vsn, state, queued, flags @ ..]) = look.as_tuple() else {
            return Err(unexpected(to, look));
        };
        let (Some(pid), Some(queued), [suspended, blocked, lingering, frozen]) =
            (pid.as_pid(), queued.as_int(), flags)
        else {
            return Err(unexpected(to, look));
        };
        // One that was spawned after the last event was looked at.
        let Some(process) = translation.process(pid) else {
            continue;
        };
        let code = match (module.as_atom(), vsn.as_string()) {
            (Some(module), Some(vsn)) => Some((module.as_str().to_owned(), vsn)),
            _ => None,
        };
        let state = match state.as_tuple() {
            Some([_, state]) => Some(translation.term(state)),
            _ => None,
        };
        let is = |flag: &Term| flag.as_bool() == Some(true);
        seen.push(Look {
            process,
            name: registered(name),
            code,
            state,
            queued: u32::try_from(queued).unwrap_or(u32::MAX),
            suspended: is(suspended),
            blocked: is(blocked),
            lingering: is(lingering),
            frozen: is(frozen),
        });
    }
    seen.sort_by_key(|look| look.process);
    Ok(seen)
}

/// `[{Pid,timer,Message}]`, and `[{Pid,monitor,Whom}]`.
fn held_twice(
    answer: &Term,
    translation: &Translation,
) -> Result<Vec<(ProcessId, Held, Term)>, TargetError> {
    let bad = || unexpected("twice", answer);
    let mut twice = Vec::new();
    for held in answer.as_list().ok_or_else(bad)? {
        let Some([Term::Pid(pid), Term::Atom(held), of]) = held.as_tuple() else {
            return Err(bad());
        };
        let held = match held.as_str() {
            "timer" => Held::Timer,
            "monitor" => Held::Monitor,
            _ => return Err(bad()),
        };
        // What is no process of the case is not judged.
        if let Some(process) = translation.process(pid) {
            twice.push((process, held, translation.term(of)));
        }
    }
    Ok(twice)
}

/// The name that a process is registered under, as the agent gives it.
fn registered(name: &Term) -> Option<String> {
    let name = name.as_atom()?.as_str();
    (name != "none").then(|| name.to_owned())
}

/// `[{Pid,{WhichChildren,CountChildren}}]`, with `none` for those that do not answer.
fn supervisors_of(
    answer: &Term,
    translation: &Translation,
) -> Result<Vec<SupervisorLook>, TargetError> {
    let looks = answer.as_list().unwrap_or_default().iter().map(|look| {
        let [Term::Pid(pid), children] = look.as_tuple()? else {
            return None;
        };
        let children = match children.as_tuple() {
            Some([children, counts]) => {
                Some((translation.term(children), translation.term(counts)))
            }
            _ => None,
        };
        let process = translation.process(pid)?;
        Some(SupervisorLook { process, children })
    });
    looks
        .collect::<Option<_>>()
        .ok_or_else(|| unexpected("supervisors", answer))
}

pub(super) fn unexpected(to: &str, answer: &Term) -> TargetError {
    TargetError::Answer {
        to: to.into(),
        answer: answer.to_string(),
    }
}
