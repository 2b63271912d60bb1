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
/// Behind the version may stand the functions that can be called by name, which take the
/// [`Context`](crate::Context) and a tuple of arguments, and the bodies of
/// [local funs](crate::Context::fun), which take what such a fun holds as well:
///
/// ```
/// # use upheaval_module::prelude::*;
/// # #[derive(Serialize, Deserialize)]
/// # struct Echo;
/// # impl Process for Echo {
/// #     fn run(self, _: &Context) -> Continuation<Self> { Continuation::Done }
/// # }
/// /// `echo:twice/1`.
/// fn twice(_: &Context, (n,): (i64,)) -> i64 {
///     2 * n
/// }
///
/// /// `fun(N) -> Factor * N end`.
/// fn times(_: &Context, (factor,): (i64,), (n,): (i64,)) -> i64 {
///     factor * n
/// }
///
/// export!(process Echo, module "echo", vsn "1", functions [twice], funs [times]);
/// # fn main() {}
/// ```
///
/// Last may stand a function that runs before the version becomes the current one, in a
/// process of its own, and can refuse that (A12):
///
/// ```
/// # use upheaval_module::prelude::*;
/// /// `rates:rate/0`.
/// fn rate(_: &Context, (): ()) -> i64 {
///     7
/// }
///
/// fn prepare(context: &Context) -> Result<(), Term> {
///     match context.whereis("bank") {
///         Some(_) => Ok(()),
///         None => Err(Term::atom("no_bank")),
///     }
/// }
///
/// // A module that nobody runs.
/// export!(library, module "rates", vsn "1", functions [rate], on_load prepare);
/// # fn main() {}
/// ```
///
/// A crate exports one module; a second `export!` in it does not link.
#[macro_export]
macro_rules! export {
    (library, module $name:literal, vsn $vsn:literal $($more:tt)*) => {
        $crate::export!(@module $crate::abi::Table::library($name, $vsn), $($more)*);
    };
    ($behaviour:ident $type:ty, module $name:literal, vsn $vsn:literal $($more:tt)*) => {
        $crate::export!(@module $crate::abi::Table::$behaviour::<$type>($name, $vsn), $($more)*);
    };
    (
        @module $table:expr,
        $(, functions [$($function:ident),* $(,)?])?
        $(, funs [$($fun:ident),* $(,)?])?
        $(, on_load $on_load:ident)?
        $(,)?
    ) => {
        /// The entry point that a node looks up.
        #[unsafe(no_mangle)]
        pub extern "C" fn upheaval_module() -> *const $crate::abi::Table {
            static FUNCTIONS: &[$crate::abi::Function] = &[
                $($($crate::abi::Function::exported(stringify!($function), $function, {
                    $crate::export!(@entry run_exported $function)
                }),)*)?
                $($($crate::abi::Function::local(stringify!($fun), $fun, {
                    $crate::export!(@entry run_local $fun)
                }),)*)?
            ];
            static TABLE: $crate::abi::Table = $table
                .with_functions(FUNCTIONS)
                $(.with_on_load($crate::export!(@entry run_on_load $on_load)))?;
            $crate::silence_panics();
            &TABLE
        }
    };
    (@entry $run:ident $function:ident) => {{
        unsafe extern "C" fn entry(
            host: *const $crate::abi::Host,
            call: *const $crate::abi::Call,
            out: *mut $crate::abi::Outcome,
        ) {
            // SAFETY: the node calls an entry with valid pointers.
            unsafe { $crate::$run((host, call, out), $function) };
        }
        entry
    }};
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
