//! Random releases, and appups between them.

use properties::Question;
use upheaval_release::{Application, Direction, StartType};
use upheaval_term::{Atom, Term};

use super::dice::Dice;
use super::mistakes;

/// What is drawn, before it is a text.
pub(crate) struct Draft {
    pub(crate) direction: Direction,
    pub(crate) from: Vec<Application>,
    pub(crate) to: Vec<Application>,
    pub(crate) scripts: Vec<Script>,
    /// The modules that instructions change.
    pub(crate) changed: Vec<String>,
}

/// The instructions of one appup.
#[derive(Default)]
pub(crate) struct Script {
    /// What comes before the point of no return, if the script has one.
    pub(crate) before: Option<Vec<Term>>,
    pub(crate) after: Vec<Term>,
}

/// The question of a seed. Two of five have a mistake, some of them several.
pub(crate) fn question(seed: u64) -> Question {
    let mut dice = Dice::new(seed);
    let mut draft = Draft::draw(&mut dice);
    match dice.below(10) {
        0 | 1 => mistakes::of_form(&mut draft, &mut dice),
        2 => mistakes::of_meaning(&mut draft, &mut dice),
        3 => (0..3).for_each(|_| mistakes::of_meaning(&mut draft, &mut dice)),
        _ => {}
    }
    draft.finish(&mut dice)
}

pub(crate) fn atom(name: &str) -> Term {
    match Atom::new(name) {
        Ok(atom) => Term::Atom(atom),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn atoms<T: AsRef<str>>(names: &[T]) -> Term {
    Term::List(names.iter().map(|name| atom(name.as_ref())).collect())
}

pub(crate) fn tuple(parts: impl IntoIterator<Item = Term>) -> Term {
    Term::Tuple(parts.into_iter().collect())
}

fn names(names: &[String]) -> Vec<Atom> {
    let name = |name: &String| match Atom::new(name) {
        Ok(atom) => atom,
        Err(error) => panic!("{error}"),
    };
    names.iter().map(name).collect()
}

const OLD: &str = "1.4";
const NEW: &str = "2.0";

fn application(name: &str, vsn: &str, modules: &[String], start: StartType) -> Application {
    Application {
        start,
        ..Application::new(names(&[name.into()])[0].clone(), vsn, names(modules))
    }
}

impl Draft {
    fn draw(dice: &mut Dice) -> Draft {
        let direction = dice.pick(&[Direction::Up, Direction::Down]);
        let mut draft = Draft {
            direction,
            from: Vec::new(),
            to: Vec::new(),
            scripts: Vec::new(),
            changed: Vec::new(),
        };
        let count = 1 + dice.below(3);
        let sizes: Vec<usize> = (0..count).map(|_| dice.below(8)).collect();
        for (number, size) in sizes.iter().enumerate() {
            let modules: Vec<String> = (0..*size).map(|m| format!("m{number}_{m}")).collect();
            draft.changed.extend(modules);
        }
        for (number, size) in sizes.iter().enumerate() {
            draft.application(number, *size, dice);
        }
        draft.whole_applications(dice);
        draft
    }

    /// One application, in both releases, and its script.
    fn application(&mut self, number: usize, size: usize, dice: &mut Dice) {
        let name = format!("a{number}");
        let (mut old, mut new) = (vec![format!("x{number}")], vec![format!("x{number}")]);
        let mut script = Script::default();
        for module in (0..size).map(|m| format!("m{number}_{m}")) {
            let instruction = self.change(&module, dice);
            let is = |name: &str| instruction.as_tuple().is_some_and(|i| i[0].is_atom(name));
            if !is("add_module") {
                old.push(module.clone());
            }
            if !is("delete_module") {
                new.push(module);
            }
            script.after.push(instruction);
        }
        let low: Vec<String> = (0..dice.below(4))
            .map(|l| format!("l{number}_{l}"))
            .collect();
        new.extend_from_slice(&low);
        if !low.is_empty() || dice.once_in(4) {
            let (to_vsn, _) = self.versions();
            script.low_level(&name, to_vsn, &low, dice);
        }
        dice.shuffle(&mut script.after);
        let (to_vsn, from_vsn) = self.versions();
        let start = dice.pick(&STARTS);
        self.from.push(application(&name, from_vsn, &old, start));
        self.to.push(application(&name, to_vsn, &new, start));
        self.scripts.push(script);
    }

    /// The version that is gone to, and the one that runs.
    fn versions(&self) -> (&'static str, &'static str) {
        match self.direction {
            Direction::Up => (NEW, OLD),
            Direction::Down => (OLD, NEW),
        }
    }

    /// An instruction that changes the code of a module, in any form.
    fn change(&self, module: &str, dice: &mut Dice) -> Term {
        let mut needed = Vec::new();
        if dice.once_in(3) {
            for _ in 0..=dice.below(2) {
                needed.push(dice.pick(&self.changed));
            }
        }
        let needed = atoms(&needed);
        let module = atom(module);
        let purge = |dice: &mut Dice| atom(dice.pick(&["soft_purge", "brutal_purge"]));
        let (pre, post) = (purge(dice), purge(dice));
        let change = match dice.below(2) {
            0 => atom("soft"),
            _ => tuple([atom("advanced"), extra(dice)]),
        };
        let timeout = match dice.below(3) {
            0 => atom("default"),
            1 => atom("infinity"),
            _ => Term::from(1 + dice.below(9000) as u32),
        };
        let update = atom("update");
        match dice.below(16) {
            0 => tuple([update, module]),
            1 => tuple([update, module, atom("supervisor")]),
            2 => tuple([update, module, change]),
            3 => tuple([update, module, needed]),
            4 | 5 => tuple([update, module, change, needed]),
            6 | 7 => tuple([update, module, change, pre, post, needed]),
            8 => tuple([update, module, timeout, change, pre, post, needed]),
            9 | 10 => {
                let kind = atom(dice.pick(&["static", "dynamic"]));
                tuple([update, module, kind, timeout, change, pre, post, needed])
            }
            11 => tuple([atom("load_module"), module]),
            12 => tuple([atom("load_module"), module, needed]),
            13 => tuple([atom("load_module"), module, pre, post, needed]),
            14 => match dice.below(2) {
                0 => tuple([atom("add_module"), module]),
                _ => tuple([atom("add_module"), module, needed]),
            },
            _ => match dice.below(2) {
                0 => tuple([atom("delete_module"), module]),
                _ => tuple([atom("delete_module"), module, needed]),
            },
        }
    }

    /// Applications that are added, removed and restarted.
    fn whole_applications(&mut self, dice: &mut Dice) {
        let (to_vsn, from_vsn) = self.versions();
        for number in 0..dice.below(3) {
            let name = format!("w{number}");
            let modules =
                |n: usize| -> Vec<String> { (0..n).map(|m| format!("{name}_{m}")).collect() };
            let start = dice.pick(&STARTS);
            let new = application(&name, to_vsn, &modules(dice.below(4)), start);
            let old = application(&name, from_vsn, &modules(dice.below(4)), start);
            let instruction = match dice.below(4) {
                0 => {
                    self.to.push(new);
                    tuple([atom("add_application"), atom(&name)])
                }
                1 => {
                    self.to.push(new);
                    let start = dice.pick(&STARTS).name();
                    tuple([atom("add_application"), atom(&name), atom(start)])
                }
                2 => {
                    self.from.push(old);
                    tuple([atom("remove_application"), atom(&name)])
                }
                _ => {
                    self.to.push(new);
                    self.from.push(old);
                    tuple([atom("restart_application"), atom(&name)])
                }
            };
            let script = dice.below(self.scripts.len());
            let after = &mut self.scripts[script].after;
            after.insert(dice.below(after.len() + 1), instruction);
        }
    }

    fn finish(self, dice: &mut Dice) -> Question {
        let appups = self.scripts.iter().map(|script| {
            let script = Term::List(script.terms());
            let exact = Term::string(OLD);
            let pattern = Term::binary(dice.pick(&["1\\.[0-9]+", "1\\..*", "(0|1)(\\.\\d+)*"]));
            let other = Term::list([tuple([Term::string("0.9"), Term::List(Vec::new())])]);
            let clauses = Term::list([
                tuple([Term::string("1.3"), Term::List(Vec::new())]),
                tuple([if dice.once_in(2) { exact } else { pattern }, script]),
                tuple([Term::binary(".*"), Term::List(Vec::new())]),
            ]);
            let (up, down) = match self.direction {
                Direction::Up => (clauses, other),
                Direction::Down => (other, clauses),
            };
            let appup = tuple([Term::string(NEW), up, down]).to_string();
            let appup = appup.replace("},{", "}, % and\n    {");
            (format!("%% an appup\n{appup}.\n"), OLD)
        });
        let appups = appups.collect();
        Question {
            direction: self.direction,
            from: self.from,
            to: self.to,
            appups,
        }
    }
}

const STARTS: [StartType; 5] = [
    StartType::None,
    StartType::Load,
    StartType::Temporary,
    StartType::Transient,
    StartType::Permanent,
];

fn extra(dice: &mut Dice) -> Term {
    match dice.below(5) {
        0 => Term::List(Vec::new()),
        1 => Term::string("extra"),
        2 => Term::map([(atom("a"), Term::Float(1.5))]),
        3 => tuple([atom("update"), Term::binary("b")]),
        _ => Term::from(dice.below(100) as u32),
    }
}

impl Script {
    fn terms(&self) -> Vec<Term> {
        let mut terms = Vec::new();
        if let Some(before) = &self.before {
            terms.extend_from_slice(before);
            terms.push(atom("point_of_no_return"));
        }
        terms.extend_from_slice(&self.after);
        terms
    }

    /// Low-level instructions that are right together.
    fn low_level(&mut self, name: &str, vsn: &str, modules: &[String], dice: &mut Dice) {
        let mfa = || tuple([atom("m"), atom("f"), Term::list([1, 2])]);
        if dice.once_in(2) {
            self.before = Some(Vec::new());
        }
        let mut early = Vec::new();
        for part in modules.chunks(1 + dice.below(2)) {
            let code = tuple([atom(name), Term::string(vsn), atoms(part)]);
            early.push(tuple([atom("load_object_code"), code]));
        }
        if dice.once_in(3) {
            early.push(tuple([atom("apply"), mfa()]));
        }
        for instruction in early {
            match &mut self.before {
                Some(before) if dice.below(3) > 0 => before.push(instruction),
                _ => self.after.push(instruction),
            }
        }
        for module in modules {
            let code = tuple([atom(module), atom("soft_purge"), atom("brutal_purge")]);
            let step = dice.pick(&["load", "load", "remove"]);
            self.after.push(tuple([atom(step), code]));
        }
        if dice.once_in(2) {
            let pairs = modules.iter().map(|module| match dice.below(3) {
                0 => atom(module),
                1 => tuple([atom(module), Term::from(100)]),
                _ => tuple([atom(module), atom("default")]),
            });
            let pairs = Term::List(pairs.collect());
            self.after.push(tuple([atom("suspend"), pairs]));
            self.after.push(tuple([atom("resume"), atoms(modules)]));
        }
        if dice.once_in(3) {
            self.after.push(tuple([atom("stop"), atoms(modules)]));
            self.after.push(tuple([atom("start"), atoms(modules)]));
        }
        if dice.once_in(3) {
            let pairs = modules
                .iter()
                .map(|module| tuple([atom(module), extra(dice)]));
            let pairs = Term::List(pairs.collect());
            self.after.push(match dice.below(3) {
                0 => tuple([atom("code_change"), pairs]),
                1 => tuple([atom("code_change"), atom("up"), pairs]),
                _ => tuple([atom("code_change"), atom("down"), pairs]),
            });
        }
        if dice.once_in(3) {
            self.after.push(tuple([atom("purge"), atoms(modules)]));
        }
        if dice.once_in(4) {
            let nodes = match dice.below(2) {
                0 => mfa(),
                _ => atoms(&["a@b", "c@d"]),
            };
            self.after
                .push(tuple([atom("sync_nodes"), atom("id"), nodes]));
        }
        let words = [
            "restart_new_emulator",
            "restart_emulator",
            "restart",
            "reboot",
        ];
        for word in words {
            if dice.once_in(8) {
                self.after.push(atom(word));
            }
        }
    }
}
