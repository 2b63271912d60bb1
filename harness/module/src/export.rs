//! The macro that makes a crate a module.

/// Exports a behaviour as the module of this `cdylib`.
///
/// ```
/// # use upheaval_module::prelude::*;
/// #[derive(Serialize, Deserialize)]
/// struct Echo;
///
/// impl Process for Echo {
///     fn run(self, context: &Context) -> Continuation<Self> {
///         let (from, what): (Pid, Term) = context.receive();
///         context.send(from, &what);
///         Continuation::Qualified(self)
///     }
/// }
///
/// export!(process Echo, module "echo", vsn "1");
/// # fn main() {}
/// ```
///
/// A crate exports one module; a second `export!` in it does not link.
#[macro_export]
macro_rules! export {
    (gen_server $server:ty, module $name:literal, vsn $vsn:literal $(,)?) => {
        $crate::export!(@entry $crate::abi::Table::gen_server::<$server>($name, $vsn));
    };
    (gen_statem $machine:ty, module $name:literal, vsn $vsn:literal $(,)?) => {
        $crate::export!(@entry $crate::abi::Table::gen_statem::<$machine>($name, $vsn));
    };
    (gen_event $handler:ty, module $name:literal, vsn $vsn:literal $(,)?) => {
        $crate::export!(@entry $crate::abi::Table::gen_event::<$handler>($name, $vsn));
    };
    (special $process:ty, module $name:literal, vsn $vsn:literal $(,)?) => {
        $crate::export!(@entry $crate::abi::Table::special::<$process>($name, $vsn));
    };
    (process $process:ty, module $name:literal, vsn $vsn:literal $(,)?) => {
        $crate::export!(@entry $crate::abi::Table::process::<$process>($name, $vsn));
    };
    (supervisor $supervisor:ty, module $name:literal, vsn $vsn:literal $(,)?) => {
        $crate::export!(@entry $crate::abi::Table::supervisor::<$supervisor>($name, $vsn));
    };
    (@entry $table:expr) => {
        /// The entry point that a node looks up.
        #[unsafe(no_mangle)]
        pub extern "C" fn upheaval_module() -> *const $crate::abi::Table {
            static TABLE: $crate::abi::Table = $table;
            $crate::silence_panics();
            &TABLE
        }
    };
}

/// Keeps this library's panics off standard error.
///
/// A crash of a process is an exit reason and an event, not output. A `cdylib`
/// has a `std` of its own, so its hook is its own, too; the entry point that
/// [`export!`] makes calls this once.
pub fn silence_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}
