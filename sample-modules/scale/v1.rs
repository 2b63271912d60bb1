//! `scale`, version 1: a library. Before it is loaded it tries to call itself, waits for
//! `till`, if it is there, and has it take a note of how that went.

use std::time::Duration;

use upheaval_module::prelude::*;

const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Serialize)]
enum ToTill {
    Open,
    Note(Term),
}

/// `scale:weigh/1`.
fn weigh(_: &Context, (n,): (i64,)) -> (i64, i64) {
    (1, n)
}

fn prepare(context: &Context) -> Result<(), Term> {
    let own = context.catch(|| context.apply::<_, Term>("scale", "weigh", &(0,)));
    let own = own.unwrap_or_else(|raised| match raised.value.as_tuple() {
        Some([what, _]) => what.clone(),
        _ => raised.value,
    });
    let open = context.try_call("till", &ToTill::Open, PATIENCE);
    let open: Term = open.unwrap_or(Term::atom("no"));
    context.cast("till", &ToTill::Note(Term::tuple([own, open])));
    Ok(())
}

export!(library, module "scale", vsn "1", functions [weigh], on_load prepare);
