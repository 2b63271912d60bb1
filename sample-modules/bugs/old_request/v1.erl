%% votes, version 1: counts votes.
-module(votes).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{votes => 0}}.

handle_call(count, _, #{votes := N} = State) -> {reply, N, State}.

handle_cast({vote, _}, #{votes := N}) -> {noreply, #{votes => N + 1}}.
