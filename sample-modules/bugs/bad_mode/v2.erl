%% door, version 2, with a bug: it cannot say its callback mode. Its twin is
%% door/v2.erl.
-module(door).
-vsn("2").
-behaviour(gen_statem).
-export([start_link/2, callback_mode/0, init/1, locked/3, unlocked/3, code_change/4]).

start_link(Name, Args) -> gen_statem:start_link({local, Name}, ?MODULE, Args, []).

-spec callback_mode() -> no_return().
callback_mode() -> error(no_mode).

init(_) -> {ok, locked, #{passed => 0, rung => 0}}.

locked(_, _, _) -> keep_state_and_data.
unlocked(_, _, _) -> keep_state_and_data.

code_change(_, _, Data, _) -> {ok, unlocked, Data}.
