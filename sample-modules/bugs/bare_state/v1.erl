%% atlas, version 1: counts what is looked up in it.
-module(atlas).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{lookups => 0}}.

handle_call({lookup, _}, _, #{lookups := N}) ->
    {reply, N + 1, #{lookups => N + 1}}.

handle_cast(never, State) -> {noreply, State}.
