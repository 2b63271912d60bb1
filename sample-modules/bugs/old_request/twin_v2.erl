%% votes, version 2: a vote has a weight. Votes in the old format still come.
-module(votes).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{votes => 0}}.

handle_call(count, _, #{votes := N} = State) -> {reply, N, State}.

handle_cast(Vote, #{votes := N}) ->
    {noreply, #{votes => N + weight(Vote)}}.

%% The weight of a vote, in either format.
weight({vote, _, Weight}) -> Weight;
weight({vote, _}) -> 1.
