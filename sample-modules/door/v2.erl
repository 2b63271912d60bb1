%% door, version 2: one function for all states, which are entered by a call; how
%% often that happened is counted.
-module(door).
-vsn("2").
-behaviour(gen_statem).
-export([start_link/2, callback_mode/0, init/1, handle_event/4, locked/3, unlocked/3,
         code_change/4]).

start_link(Name, Args) -> gen_statem:start_link({local, Name}, ?MODULE, Args, []).

callback_mode() -> [handle_event_function, state_enter].

init(_) -> {ok, locked, #{passed => 0, rung => 0, entered => 0}}.

handle_event(enter, _, locked, #{entered := N} = Data) ->
    {keep_state, Data#{entered := N + 1}};
handle_event(enter, _, unlocked, #{entered := N} = Data) ->
    {keep_state, Data#{entered := N + 1}, {state_timeout, 900, lock}};
handle_event({call, _}, pass, locked, _) ->
    {keep_state_and_data, postpone};
handle_event({call, From}, pass, unlocked, #{passed := N} = Data) ->
    {keep_state, Data#{passed := N + 1}, {reply, From, N + 1}};
handle_event({call, From}, unlock, locked, Data) ->
    {next_state, unlocked, Data, {reply, From, ok}};
%% It stays open for longer.
handle_event({call, From}, unlock, unlocked, _) ->
    {repeat_state_and_data, {reply, From, ok}};
handle_event(cast, lock, unlocked, Data) ->
    {next_state, locked, Data};
handle_event(state_timeout, lock, unlocked, Data) ->
    {next_state, locked, Data};
handle_event({call, From}, count, _, #{passed := Passed, rung := Rung}) ->
    {keep_state_and_data, {reply, From, {Passed, Rung}}};
handle_event({call, From}, stop, _, _) ->
    {stop_and_reply, shutdown, {reply, From, bye}};
handle_event(cast, {alarm, Ms}, _, _) ->
    {keep_state_and_data, {{timeout, alarm}, Ms, ring}};
handle_event(cast, calm, _, _) ->
    {keep_state_and_data, {{timeout, alarm}, cancel}};
handle_event(cast, {hush, Ms}, _, _) ->
    {keep_state_and_data, {timeout, Ms, hushed}};
handle_event(info, _, _, _) ->
    {keep_state_and_data, {next_event, internal, knock}};
handle_event({timeout, alarm}, ring, _, #{rung := N} = Data) ->
    {keep_state, Data#{rung := N + 1}};
handle_event(internal, knock, _, #{rung := N} = Data) ->
    {keep_state, Data#{rung := N + 1}};
handle_event(timeout, hushed, _, #{rung := N} = Data) ->
    {keep_state, Data#{rung := N + 1}};
handle_event(_, _, _, _) ->
    keep_state_and_data.

%% For the time after a downgrade from version 3.
locked(Type, Content, Data) -> handle_event(Type, Content, locked, Data).
unlocked(Type, Content, Data) -> handle_event(Type, Content, unlocked, Data).

code_change("1", State, #{passed := Passed, rung := Rung}, _) ->
    {ok, State, #{passed => Passed, rung => Rung, entered => 0}};
code_change({down, "1"}, State, #{passed := Passed, rung := Rung}, _) ->
    {ok, State, #{passed => Passed, rung => Rung}};
code_change(_, _, _, _) ->
    {error, unknown_version}.
