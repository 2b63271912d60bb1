%% counter, version 3: the fields of version 2 under other names.
-module(counter).
-vsn("3").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Value) -> gen_server:start_link({local, Name}, ?MODULE, Value, []).

init(Value) -> {ok, #{additions => 0, value => Value}}.

handle_call({add, N}, _, State) ->
    #{value := Value} = Next = add(N, State),
    {reply, Value, Next};
handle_call(get, _, #{value := Value} = State) ->
    {reply, Value, State}.

handle_cast({add, N}, State) -> {noreply, add(N, State)}.

add(N, #{additions := Additions, value := Value}) ->
    #{additions => Additions + 1, value => Value + N}.

code_change("1", #{count := Count}, _) ->
    {ok, #{additions => 0, value => Count}};
code_change("2", #{total := Total, adds := Adds}, _) ->
    {ok, #{additions => Adds, value => Total}};
code_change({down, "1"}, #{value := Value}, _) ->
    {ok, #{count => Value}};
code_change({down, "2"}, #{additions := Additions, value := Value}, _) ->
    {ok, #{total => Value, adds => Additions}};
code_change(_, _, _) ->
    {error, unknown_version}.
