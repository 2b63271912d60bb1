%% door, version 3: one function for each state again, and the states and the data have
%% other names.
-module(door).
-vsn("3").
-behaviour(gen_statem).
-export([start_link/2, callback_mode/0, init/1, closed/3, open/3, handle_event/4,
         code_change/4]).

start_link(Name, Args) -> gen_statem:start_link({local, Name}, ?MODULE, Args, []).

callback_mode() -> state_functions.

init(_) -> {ok, closed, #{through => 0, bells => 0}}.

closed({call, _}, pass, _) ->
    {keep_state_and_data, postpone};
closed({call, From}, unlock, Data) ->
    {next_state, open, Data, [{reply, From, ok}, {state_timeout, 900, lock}]};
closed(Type, Content, Data) ->
    any(Type, Content, Data).

open({call, From}, pass, #{through := N} = Data) ->
    {keep_state, Data#{through := N + 1}, {reply, From, N + 1}};
open({call, From}, unlock, _) ->
    {keep_state_and_data, {reply, From, ok}};
open(cast, lock, Data) ->
    {next_state, closed, Data};
open(state_timeout, lock, Data) ->
    {next_state, closed, Data};
open(Type, Content, Data) ->
    any(Type, Content, Data).

%% What is the same in every state.
any({call, From}, count, #{through := Passed, bells := Rung}) ->
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
any({timeout, alarm}, ring, #{bells := N} = Data) ->
    {keep_state, Data#{bells := N + 1}};
any(internal, knock, #{bells := N} = Data) ->
    {keep_state, Data#{bells := N + 1}, hibernate};
any(timeout, hushed, #{bells := N} = Data) ->
    {keep_state, Data#{bells := N + 1}};
any(_, _, _) ->
    keep_state_and_data.

%% For the time after a failed upgrade from version 2.
handle_event(Type, Content, State, Data) -> ?MODULE:State(Type, Content, Data).

code_change(Vsn, State, #{passed := Passed, rung := Rung}, _) when Vsn =:= "1"; Vsn =:= "2" ->
    {ok, case State of locked -> closed; unlocked -> open end, #{through => Passed, bells => Rung}};
code_change({down, Vsn}, State, #{through := Passed, bells := Rung}, _) ->
    Old = case State of closed -> locked; open -> unlocked end,
    Data = #{passed => Passed, rung => Rung},
    case Vsn of
        "2" -> {ok, Old, Data#{entered => 0}};
        "1" -> {ok, Old, Data};
        _ -> {error, unknown_version}
    end;
code_change(_, _, _, _) ->
    {error, unknown_version}.
