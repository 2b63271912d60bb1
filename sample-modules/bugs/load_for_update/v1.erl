%% quota, version 1: how much has been taken.
-module(quota).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{taken => 0}}.

handle_call({take, N}, _, #{taken := Taken}) ->
    {reply, Taken + N, #{taken => Taken + N}}.

handle_cast(never, State) -> {noreply, State}.
