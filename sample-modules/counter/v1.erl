%% counter, version 1: one number.
-module(counter).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Count) -> gen_server:start_link({local, Name}, ?MODULE, Count, []).

init(Count) -> {ok, #{count => Count}}.

%% Adds, and answers with the new count.
handle_call({add, N}, _, #{count := Count} = State) ->
    {reply, Count + N, State#{count := Count + N}};
handle_call(get, _, #{count := Count} = State) ->
    {reply, Count, State}.

handle_cast({add, N}, #{count := Count} = State) ->
    {noreply, State#{count := Count + N}}.
