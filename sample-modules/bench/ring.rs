//! `ring`: so many processes that hand a number on in a circle, less one each time, until
//! it is 0; for the benchmark of scheduler steps.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Ring {
    /// How many are in the circle.
    tasks: u64,
    /// How often the first hands on.
    left: u64,
    /// Who comes next; nobody for the first, which starts the others.
    next: Option<Pid>,
}

impl Process for Ring {
    fn run(self, context: &Context) -> Continuation<Self> {
        let next = match self.next {
            Some(next) => next,
            None => {
                let mut next = context.self_pid();
                for _ in 1..self.tasks {
                    let other = Ring {
                        tasks: self.tasks,
                        left: 0,
                        next: Some(next),
                    };
                    next = context.spawn("ring", &other);
                }
                context.send(&next, &self.left);
                next
            }
        };
        loop {
            let left: u64 = context.receive();
            if left > 0 {
                context.send(&next, &(left - 1));
            }
            // In the last round each has had its turn.
            if left < self.tasks {
                return Continuation::Done;
            }
        }
    }
}

export!(process Ring, module "ring", vsn "1");
