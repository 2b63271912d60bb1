%% event_log, version 1: adds up what it is told.
-module(event_log).
-vsn("1").
-behaviour(gen_event).
-export([start_link/2, init/1, handle_event/2, handle_call/2, terminate/2]).

%% Starts a manager with a handler for each id.
start_link(Name, Ids) ->
    case gen_event:start_link({local, Name}) of
        {ok, Pid} ->
            [ok = gen_event:add_handler(Pid, {?MODULE, Id}, Id) || Id <- Ids],
            {ok, Pid};
        Error ->
            Error
    end.

init({Id, Count}) when is_integer(Count) -> {ok, #{id => Id, sum => Count}};
init({Id, _}) -> {ok, #{id => Id, sum => 0}};
init(Id) -> {ok, #{id => Id, sum => 0}}.

handle_event({note, N}, #{sum := Sum} = State) -> {ok, State#{sum := Sum + N}};
handle_event({crash, Id}, #{id := Id}) -> error(told_to);
handle_event({leave, Id}, #{id := Id}) -> remove_handler;
handle_event({crash, _}, State) -> {ok, State};
handle_event({leave, _}, State) -> {ok, State}.

handle_call(count, #{sum := Count} = State) -> {ok, Count, State};
handle_call(crash, _) -> error(told_to);
handle_call(leave, #{sum := Count}) -> {remove_handler, Count}.

terminate(_, #{sum := Count}) -> Count.
