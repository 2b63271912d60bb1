%% valve, version 1: a state machine that is opened and closed, and counts the turns.
-module(valve).
-vsn("1").
-behaviour(gen_statem).
-export([start_link/2, callback_mode/0, init/1, handle_event/4]).

start_link(Name, Args) -> gen_statem:start_link({local, Name}, ?MODULE, Args, []).

callback_mode() -> handle_event_function.

init(_) -> {ok, closed, #{turns => 0}}.

handle_event({call, From}, turn, State, #{turns := N}) ->
    {next_state, next(State), #{turns => N + 1}, {reply, From, N + 1}}.

next(closed) -> open;
next(open) -> closed.
