%% valve, version 2: knows how often it may be turned, too.
%%
%% With a bug: it has no code_change. Its correct twin is twin_v2.erl.
-module(valve).
-vsn("2").
-behaviour(gen_statem).
-export([start_link/2, callback_mode/0, init/1, handle_event/4]).

-define(MOST, 1000).

start_link(Name, Args) -> gen_statem:start_link({local, Name}, ?MODULE, Args, []).

callback_mode() -> handle_event_function.

init(_) -> {ok, closed, #{turns => 0, most => ?MOST}}.

handle_event({call, From}, turn, State, #{turns := N, most := Most} = Data) ->
    Turns = min(Most, N + 1),
    {next_state, next(State), Data#{turns := Turns}, {reply, From, Turns}}.

next(closed) -> open;
next(open) -> closed.
