%% session, version 1: who wants to fetch something waits for a login; after a while nobody
%% is logged in any more.
-module(session).
-vsn("1").
-behaviour(gen_statem).
-export([start_link/2, callback_mode/0, init/1, waiting/3, active/3]).

start_link(Name, Args) -> gen_statem:start_link({local, Name}, ?MODULE, Args, []).

callback_mode() -> state_functions.

init(_) -> {ok, waiting, #{served => 0}}.

waiting({call, _}, fetch, _) -> {keep_state_and_data, postpone};
waiting({call, From}, login, Data) ->
    {next_state, active, Data, [{reply, From, ok}, {state_timeout, 900, idle}]};
waiting(Type, Content, Data) -> any(Type, Content, Data).

active({call, From}, fetch, #{served := N} = Data) ->
    {keep_state, Data#{served := N + 1}, {reply, From, N + 1}};
active({call, From}, login, _) -> {keep_state_and_data, {reply, From, ok}};
active(cast, logout, Data) -> {next_state, waiting, Data};
active(state_timeout, idle, Data) -> {next_state, waiting, Data};
active(Type, Content, Data) -> any(Type, Content, Data).

any({call, From}, count, #{served := N}) -> {keep_state_and_data, {reply, From, N}};
any(_, _, _) -> keep_state_and_data.
