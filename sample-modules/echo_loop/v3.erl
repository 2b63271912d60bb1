%% echo_loop, version 3: a plain process that goes on with a qualified call of its
%% loop, and so picks new code up after each message.
-module(echo_loop).
-vsn("3").
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

loop(#{echoed := N} = State) ->
    receive
        {From, Tag, What} when is_pid(From), is_reference(Tag) ->
            From ! {Tag, {echo_3, What}},
            ?MODULE:loop(State#{echoed := N + 1})
    end.
