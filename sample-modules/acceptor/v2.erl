%% acceptor, version 2: it says how many it has accepted.
-module(acceptor).
-vsn("2").
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

loop(#{accepted := N} = State) ->
    receive
        {From, Tag, Peer} when is_pid(From), is_reference(Tag) ->
            gen_server:cast(connections, {open, Peer}),
            From ! {Tag, {accepted, Peer, N + 1}},
            ?MODULE:loop(State#{accepted := N + 1})
    end.
