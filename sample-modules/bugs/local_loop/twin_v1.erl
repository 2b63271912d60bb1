%% relay, version 1: a special process that answers.
-module(relay).
-vsn("1").
-export([start_link/2, init/3, loop/2, system_continue/3, system_terminate/4,
         system_code_change/4]).

start_link(Name, State) -> proc_lib:start_link(?MODULE, init, [self(), Name, State]).

init(Parent, Name, State) ->
    try register(Name, self()) of
        true ->
            proc_lib:init_ack({ok, self()}),
            ?MODULE:loop(Parent, State)
    catch
        error:badarg -> proc_lib:init_ack({error, {already_started, whereis(Name)}})
    end.

loop(Parent, #{relayed := N} = State) ->
    receive
        {system, From, Request} ->
            sys:handle_system_msg(Request, From, Parent, ?MODULE, [], State);
        {From, Tag, What} when is_pid(From), is_reference(Tag) ->
            From ! {Tag, {1, What}},
            loop(Parent, State#{relayed := N + 1})
    end.

system_continue(Parent, _, State) -> ?MODULE:loop(Parent, State).

system_terminate(Reason, _, _, _) -> exit(Reason).

system_code_change(State, _, _, _) -> {ok, State}.
