%% counter, version 2, with a bug: code_change drops a field. The number that
%% version 1 had counted is gone, and version 2 starts from 0.
%%
%% Its correct twin is counter/v2.erl.
-module(counter).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Total) -> gen_server:start_link({local, Name}, ?MODULE, Total, []).

init(Total) -> {ok, #{total => Total, adds => 0}}.

handle_call({add, N}, _, State) ->
    #{total := Total} = Next = add(N, State),
    {reply, Total, Next};
handle_call(get, _, #{total := Total} = State) ->
    {reply, Total, State}.

handle_cast({add, N}, State) -> {noreply, add(N, State)}.

add(N, #{total := Total, adds := Adds}) -> #{total => Total + N, adds => Adds + 1}.

code_change("1", #{count := _}, _) -> {ok, #{total => 0, adds => 0}};
code_change({down, "1"}, #{total := Total}, _) -> {ok, #{count => Total}};
code_change(_, _, _) -> {error, unknown_version}.
