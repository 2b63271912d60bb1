%% What the servers of a case begin that goes on: timers and monitors; and what they have of
%% it twice.
%%
%% Two timers with one message may be meant, one for each request that is to be done later.
%% So it matters on which occasion one was begun. Nobody asks for what a server begins in
%% init and in code_change, and what of it is begun anew as its message is handled goes on
%% for ever: of those, one is enough.
-module(upheaval_begun).
-export([new/0, calls/5, returns/3, forget/2, by_servers/2, twice/1]).

%% How many timers of a process are kept before those are dropped that are over.
-define(ROOM, 64).

%% What each process is about to begin; its timers, as {Ref, Whom, What, OfItself}, with how
%% many more there is room for; what timers it has begun of itself, and whom to monitor.
new() -> #{beginning => #{}, timers => #{}, ticks => #{}, monitors => #{}}.

%% A process calls one of the functions that begin something. Its occasion is `starts`
%% before it has taken any message, `changes` within a code_change, or else the message
%% that it took last, as {info, Message}, or `other`.
calls(Pid, monitor, [process, Whom | _], Occasion, #{monitors := Monitors} = Begun)
  when Occasion =:= starts; Occasion =:= changes ->
    Begun#{monitors := Monitors#{Pid => [Whom | maps:get(Pid, Monitors, [])]}};
calls(_, monitor, _, _, Begun) ->
    Begun;
calls(Pid, Function, [_, Whom, Message | _], Occasion, #{beginning := Beginning, ticks := Ticks} = Begun) ->
    What = {Function, Message},
    Own = maps:get(Pid, Ticks, []),
    IsOwn = lists:member(What, Own),
    OfItself = Occasion =:= starts orelse Occasion =:= changes
        orelse (Occasion =:= {info, Message} andalso IsOwn),
    Next = case OfItself andalso not IsOwn of
        true -> Ticks#{Pid => [What | Own]};
        false -> Ticks
    end,
    Begun#{beginning := Beginning#{Pid => {Whom, What, OfItself}}, ticks := Next}.

%% It has begun it. Where it could not, it never comes to that.
returns(Pid, Ref, #{beginning := Beginning, timers := Timers} = Begun) when is_map_key(Pid, Beginning) ->
    {{Whom, What, OfItself}, Rest} = maps:take(Pid, Beginning),
    Kept = kept({Ref, Whom, What, OfItself}, maps:get(Pid, Timers, {?ROOM, []})),
    Begun#{beginning := Rest, timers := Timers#{Pid => Kept}};
returns(_, _, Begun) ->
    Begun.

kept(Timer, {0, Timers}) ->
    Running = [T || T <- [Timer | Timers], is_running(T)],
    {?ROOM + length(Running), Running};
kept(Timer, {Room, Timers}) ->
    {Room - 1, [Timer | Timers]}.

%% A process has ended.
forget(Pid, Begun) -> maps:map(fun(_, Of) -> maps:remove(Pid, Of) end, Begun).

%% [{Pid, Timers, Monitors}] of all but the plain ones: of those nobody sees which message
%% they handle, nor whether they start.
by_servers(Plain, #{timers := Timers, monitors := Monitors}) ->
    Pids = lists:usort(maps:keys(Timers) ++ maps:keys(Monitors)) -- maps:keys(Plain),
    [{Pid, element(2, maps:get(Pid, Timers, {0, []})), maps:get(Pid, Monitors, [])} || Pid <- Pids].

%% What is held twice at this moment, of what was begun at least once of itself:
%% {Pid, timer, Message}, of timers that send it to the same process, and
%% {Pid, monitor, Whom}.
twice(Begun) ->
    lists:append([timers(Pid, Timers) ++ monitors(Pid, Own) || {Pid, Timers, Own} <- Begun,
                                                               is_process_alive(Pid)]).

timers(Pid, Timers) ->
    Held = [{{holder(Whom), What}, OfItself} || {_, Whom, What, OfItself} = T <- Timers, is_running(T)],
    Own = [Key || {{Whom, _} = Key, true} <- Held, Whom =/= undefined],
    [{Pid, timer, Message} || {_, {_, Message}} <- several(Own, [Key || {Key, _} <- Held])].

%% Who waits for an answer, or for a process to start, monitors it for that.
monitors(Pid, Own) ->
    case process_info(Pid, [current_function, monitors]) of
        [{_, {Module, _, _}}, {_, Held}] when Module =/= gen, Module =/= proc_lib ->
            Holders = [holder(Whom) || {process, Whom} <- Held],
            [{Pid, monitor, Whom} || Whom <- several([holder(W) || W <- Own], Holders), is_pid(Whom)];
        _ -> []
    end.

%% Which of some are there more than once.
several(Some, All) ->
    [One || One <- lists:usort(Some), length([O || O <- All, O =:= One]) > 1].

is_running({Ref, _, _, _}) -> erlang:read_timer(Ref) =/= false.

%% The process that a pid or a name stands for.
holder({Name, Node}) when Node =:= node() -> holder(Name);
holder(Name) when is_atom(Name) -> whereis(Name);
holder(Other) -> Other.
