//! Mistakes that appups have.

use upheaval_term::{Atom, Term};

use super::dice::Dice;
use super::draw::{Draft, Script, atom, atoms, tuple};

/// Instructions with one mistake each; each error of form that OTP has is here. A list
/// is not: OTP takes what is in it for instructions whose short forms it does not
/// know, which is documented nowhere, and we refuse it.
const FORMS: [&str; 54] = [
    "updaet",
    "point_of_no_retrun",
    "7",
    "{}",
    "{1,2}",
    "{load_modul,m}",
    "{update}",
    "{update,m,hard}",
    "{update,m,supervisor,[]}",
    "{update,m,soft,brutal_purge,[]}",
    "{update,m,a,b,c,d,e,f,g,h}",
    "{update,1}",
    "{update,\"m\",soft}",
    "{update,m,{advance,[]}}",
    "{update,m,hard,brutal_purge,brutal_purge,[]}",
    "{update,m,soft,brutal,brutal_purge,[]}",
    "{update,m,soft,brutal_purge,soft,[]}",
    "{update,m,soft,brutal_purge,soft_purge,n}",
    "{update,m,soft,brutal_purge,soft_purge,[1]}",
    "{update,m,0,soft,brutal_purge,soft_purge,[]}",
    "{update,m,-1,soft,brutal_purge,soft_purge,[]}",
    "{update,m,forever,soft,brutal_purge,soft_purge,[]}",
    "{update,m,statik,default,soft,brutal_purge,soft_purge,[]}",
    "{load_module,m,n}",
    "{load_module,m,soft_purge,soft_purge}",
    "{load_module,{m}}",
    "{load_module,m,\"n\"}",
    "{add_module,1}",
    "{add_module,m,n}",
    "{delete_module,[]}",
    "{delete_module,m,[n,2]}",
    "{add_application,1}",
    "{add_application,a,parmanent}",
    "{remove_application,\"a\"}",
    "{restart_application,{a}}",
    "{load_object_code,{1,\"1\",[]}}",
    "{load_object_code,{a,one,[]}}",
    "{load,m}",
    "{load,{m,soft_purge,hard}}",
    "{remove,{m,soft_purge}}",
    "{purge,m}",
    "{purge,[1]}",
    "{suspend,[{m,0}]}",
    "{suspend,[{m,1,2}]}",
    "{resume,m}",
    "{code_change,[m]}",
    "{code_change,dn,[{m,[]}]}",
    "{code_change,up,m}",
    "{sync_nodes,id,[1]}",
    "{sync_nodes,id,{m,1,[]}}",
    "{sync_nodes,id,node}",
    "{apply,{m,f}}",
    "{apply,{m,f,a}}",
    "mnesia_backup",
];

/// Puts one instruction into a script that is none.
pub(crate) fn of_form(draft: &mut Draft, dice: &mut Dice) {
    let text = dice.pick(&FORMS);
    let instruction = match text.parse::<Term>() {
        Ok(term) => term,
        Err(error) => panic!("{text}: {error}"),
    };
    insert(draft, instruction, dice);
}

fn insert(draft: &mut Draft, instruction: Term, dice: &mut Dice) {
    let script = dice.below(draft.scripts.len());
    let after = &mut draft.scripts[script].after;
    after.insert(dice.below(after.len() + 1), instruction);
}

/// Makes one mistake in what instructions mean together.
pub(crate) fn of_meaning(draft: &mut Draft, dice: &mut Dice) {
    let number = dice.below(draft.scripts.len());
    let code = || tuple([atom("l9"), atom("soft_purge"), atom("soft_purge")]);
    match dice.below(14) {
        0 => insert(
            draft,
            tuple([atom("load_module"), atom("x0"), atoms(&["nowhere"])]),
            dice,
        ),
        1 | 2 => {
            let module = match draft.changed.is_empty() {
                true => return,
                false => dice.pick(&draft.changed),
            };
            insert(draft, tuple([atom("update"), atom(&module)]), dice);
        }
        3 => insert(draft, tuple([atom("load_module"), atom("unlisted")]), dice),
        4 => insert(draft, tuple([atom("add_application"), atom("a9")]), dice),
        5 => insert(draft, tuple([atom("remove_application"), atom("a0")]), dice),
        6 => {
            let name = dice.pick(&["a9", "a0"]);
            insert(
                draft,
                tuple([atom("restart_application"), atom(name)]),
                dice,
            );
        }
        7 => {
            for vsn in ["2.0", "1.4", "3"] {
                let code = tuple([atom("a0"), Term::string(vsn), atoms(&["l0"])]);
                insert(draft, tuple([atom("load_object_code"), code]), dice);
            }
        }
        8 => {
            let Script { before, .. } = &mut draft.scripts[number];
            let (mut early, module) = (before.take().unwrap_or_default(), atom("e0"));
            early.push(match dice.below(3) {
                0 => tuple([atom("load_module"), module]),
                1 => tuple([atom("update"), module, atom("supervisor")]),
                _ => tuple([atom("purge"), Term::list([Atom::from_static("e0")])]),
            });
            *before = Some(early);
        }
        9 => {
            for _ in 0..2 {
                draft.scripts[number].after.push(atom("point_of_no_return"));
            }
        }
        10 => insert(draft, tuple([atom("load"), code()]), dice),
        11 => insert(draft, tuple([atom("suspend"), atoms(&["l9", "l8"])]), dice),
        12 => insert(draft, tuple([atom("resume"), atoms(&["l7"])]), dice),
        _ => {
            let step = dice.pick(&["start", "stop"]);
            insert(draft, tuple([atom(step), atoms(&["l9"])]), dice);
        }
    }
}
