%% session, version 2: the states are called after who is there, and logins are counted.
-module(session).
-vsn("2").
-behaviour(gen_statem).
-export([start_link/2, callback_mode/0, init/1, guest/3, member/3, code_change/4]).

start_link(Name, Args) -> gen_statem:start_link({local, Name}, ?MODULE, Args, []).

callback_mode() -> state_functions.

init(_) -> {ok, guest, #{fetched => 0, logins => 0}}.

guest({call, _}, fetch, _) -> {keep_state_and_data, postpone};
guest({call, From}, login, #{logins := N} = Data) ->
    {next_state, member, Data#{logins := N + 1}, [{reply, From, ok}, {state_timeout, 900, idle}]};
guest(Type, Content, Data) -> any(Type, Content, Data).

member({call, From}, fetch, #{fetched := N} = Data) ->
    {keep_state, Data#{fetched := N + 1}, {reply, From, N + 1}};
member({call, From}, login, _) -> {keep_state_and_data, {reply, From, ok}};
member(cast, logout, Data) -> {next_state, guest, Data};
member(state_timeout, idle, Data) -> {next_state, guest, Data};
member(Type, Content, Data) -> any(Type, Content, Data).

any({call, From}, count, #{fetched := N}) -> {keep_state_and_data, {reply, From, N}};
any(_, _, _) -> keep_state_and_data.

code_change("1", State, #{served := N}, _) ->
    {ok, case State of waiting -> guest; active -> member end, #{fetched => N, logins => 0}};
code_change({down, "1"}, State, #{fetched := N}, _) ->
    {ok, case State of guest -> waiting; member -> active end, #{served => N}};
code_change(_, _, _, _) ->
    {error, unknown_version}.
