%% stuck_loop, version 1: a plain process that goes on with a local call of its loop.
%% It never leaves the version it started in: it lingers, and a purge kills it.
-module(stuck_loop).
-vsn("1").
-export([start_link/2, init/2, loop/1]).

start_link(Name, State) -> proc_lib:start_link(?MODULE, init, [Name, State]).

init(Name, State) ->
    try register(Name, self()) of
        true ->
            proc_lib:init_ack({ok, self()}),
            ?MODULE:loop(State)
    catch
        error:badarg -> proc_lib:init_ack({error, {already_started, whereis(Name)}})
    end.

loop(#{answered := N} = State) ->
    receive
        {From, Tag, What} when is_pid(From), is_reference(Tag) ->
            From ! {Tag, {stuck_1, What}},
            loop(State#{answered := N + 1})
    end.
