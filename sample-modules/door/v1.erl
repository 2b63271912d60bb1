%% door, version 1: one function for each state. Who wants to pass a locked door waits
%% until it is unlocked; an unlocked one locks itself after a while.
-module(door).
-vsn("1").
-behaviour(gen_statem).
-export([start_link/2, callback_mode/0, init/1, locked/3, unlocked/3, handle_event/4]).

start_link(Name, Args) -> gen_statem:start_link({local, Name}, ?MODULE, Args, []).

callback_mode() -> state_functions.

init(_) -> {ok, locked, #{passed => 0, rung => 0}}.

locked({call, _}, pass, _) ->
    {keep_state_and_data, postpone};
locked({call, From}, unlock, Data) ->
    {next_state, unlocked, Data, [{reply, From, ok}, {state_timeout, 900, lock}]};
locked(Type, Content, Data) ->
    any(Type, Content, Data).

unlocked({call, From}, pass, #{passed := N} = Data) ->
    {keep_state, Data#{passed := N + 1}, {reply, From, N + 1}};
unlocked({call, From}, unlock, _) ->
    {keep_state_and_data, {reply, From, ok}};
unlocked(cast, lock, Data) ->
    {next_state, locked, Data};
unlocked(state_timeout, lock, Data) ->
    {next_state, locked, Data};
unlocked(Type, Content, Data) ->
    any(Type, Content, Data).

%% What is the same in every state.
any({call, From}, count, #{passed := Passed, rung := Rung}) ->
    {keep_state_and_data, {reply, From, {Passed, Rung}}};
any({call, From}, stop, _) ->
    {stop_and_reply, shutdown, {reply, From, bye}};
any(cast, {alarm, Ms}, _) ->
    {keep_state_and_data, {{timeout, alarm}, Ms, ring}};
any(cast, calm, _) ->
    {keep_state_and_data, {{timeout, alarm}, cancel}};
%% Nothing else happens for a moment.
any(cast, {hush, Ms}, _) ->
    {keep_state_and_data, {timeout, Ms, hushed}};
any(info, _, _) ->
    {keep_state_and_data, [{next_event, internal, knock}, hibernate]};
any({timeout, alarm}, ring, #{rung := N} = Data) ->
    {keep_state, Data#{rung := N + 1}};
any(internal, knock, #{rung := N} = Data) ->
    {keep_state, Data#{rung := N + 1}, hibernate};
any(timeout, hushed, #{rung := N} = Data) ->
    {keep_state, Data#{rung := N + 1}};
any(_, _, _) ->
    keep_state_and_data.

%% After a downgrade from version 2 the mode is still that one's: it is asked of the
%% version that is left.
handle_event(Type, Content, State, Data) -> ?MODULE:State(Type, Content, Data).
