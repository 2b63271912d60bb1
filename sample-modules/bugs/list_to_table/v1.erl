%% headers, version 1: keeps what it is given in a list of pairs.
-module(headers).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, []}.

handle_call({put, Key, Value}, _, List) ->
    {reply, ok, [{Key, Value} | proplists:delete(Key, List)]};
handle_call({get, Key}, _, List) ->
    {reply, proplists:get_value(Key, List, none), List}.

handle_cast(never, State) -> {noreply, State}.
