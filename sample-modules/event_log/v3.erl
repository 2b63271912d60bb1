%% event_log, version 3: the sum is called value.
-module(event_log).
-vsn("3").
-behaviour(gen_event).
-export([start_link/2, init/1, handle_event/2, handle_call/2, terminate/2,
         code_change/3]).

%% Starts a manager with a handler for each id.
start_link(Name, Ids) ->
    case gen_event:start_link({local, Name}) of
        {ok, Pid} ->
            [ok = gen_event:add_handler(Pid, {?MODULE, Id}, Id) || Id <- Ids],
            {ok, Pid};
        Error ->
            Error
    end.

init({Id, Count}) when is_integer(Count) -> {ok, #{id => Id, value => Count}};
init({Id, _}) -> {ok, #{id => Id, value => 0}};
init(Id) -> {ok, #{id => Id, value => 0}}.

handle_event({note, N}, #{value := Sum} = State) -> {ok, State#{value := Sum + N}};
handle_event({crash, Id}, #{id := Id}) -> error(told_to);
handle_event({leave, Id}, #{id := Id}) -> remove_handler;
handle_event({crash, _}, State) -> {ok, State};
handle_event({leave, _}, State) -> {ok, State}.

handle_call(count, #{value := Count} = State) -> {ok, Count, State};
handle_call(crash, _) -> error(told_to);
handle_call(leave, #{value := Count}) -> {remove_handler, Count}.

terminate(_, #{value := Count}) -> Count.

code_change("1", #{id := Id, sum := Sum}, _) -> {ok, #{id => Id, value => Sum}};
code_change("2", #{id := Id, total := Sum}, _) -> {ok, #{id => Id, value => Sum}};
code_change({down, "1"}, #{id := Id, value := Sum}, _) -> {ok, #{id => Id, sum => Sum}};
code_change({down, "2"}, #{id := Id, value := Sum}, _) ->
    {ok, #{id => Id, total => Sum, notes => 0}};
code_change(_, _, _) -> {error, unknown_version}.
