%% relay, version 2: answers otherwise.
%%
%% With a bug: its loop goes on with a local call, so whoever waits in it stays in the
%% version that it began in, whatever is loaded, until a purge kills it. Its correct twin
%% is twin_v2.erl, which handles system messages.
-module(relay).
-vsn("2").
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
            From ! {Tag, {2, What}},
            loop(State#{relayed := N + 1})
    end.
