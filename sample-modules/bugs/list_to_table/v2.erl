%% headers, version 2: keeps what it is given in a table.
%%
%% With a bug: code_change leaves the state as it is. Its correct twin is twin_v2.erl.
-module(headers).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{}}.

handle_call({put, Key, Value}, _, Table) ->
    {reply, ok, maps:put(Key, Value, Table)};
handle_call({get, Key}, _, Table) ->
    {reply, maps:get(Key, Table, none), Table}.

handle_cast(never, State) -> {noreply, State}.

code_change(_, State, _) -> {ok, State}.
