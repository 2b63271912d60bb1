%% relay, version 1: a plain process that answers; its loop goes on with a local call.
-module(relay).
-vsn("1").
-export([start_link/2, init/2]).

start_link(Name, State) -> proc_lib:start_link(?MODULE, init, [Name, State]).

init(Name, State) ->
    try register(Name, self()) of
        true ->
            proc_lib:init_ack({ok, self()}),
            loop(State)
    catch
        error:badarg -> proc_lib:init_ack({error, {already_started, whereis(Name)}})
    end.

loop(#{relayed := N} = State) ->
    receive
        {From, Tag, What} when is_pid(From), is_reference(Tag) ->
            From ! {Tag, {1, What}},
            loop(State#{relayed := N + 1})
    end.
