%% event_log, version 2: the sum is called total, and the notes are counted.
-module(event_log).
-vsn("2").
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

init({Id, Count}) when is_integer(Count) -> {ok, #{id => Id, total => Count, notes => 0}};
init({Id, _}) -> {ok, #{id => Id, total => 0, notes => 0}};
init(Id) -> {ok, #{id => Id, total => 0, notes => 0}}.

handle_event({note, N}, #{total := Sum, notes := Notes} = State) -> {ok, State#{total := Sum + N, notes := Notes + 1}};
handle_event({crash, Id}, #{id := Id}) -> error(told_to);
handle_event({leave, Id}, #{id := Id}) -> remove_handler;
handle_event({crash, _}, State) -> {ok, State};
handle_event({leave, _}, State) -> {ok, State}.

handle_call(count, #{total := Count} = State) -> {ok, Count, State};
handle_call(crash, _) -> error(told_to);
handle_call(leave, #{total := Count}) -> {remove_handler, Count}.

terminate(_, #{total := Count}) -> Count.

code_change("1", #{id := Id, sum := Sum}, _) -> {ok, #{id => Id, total => Sum, notes => 0}};
code_change({down, "1"}, #{id := Id, total := Sum}, _) -> {ok, #{id => Id, sum => Sum}};
code_change(_, _, _) -> {error, unknown_version}.
