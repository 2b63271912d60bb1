%% meter, version 1: a special process that counts what it is asked.
-module(meter).
-vsn("1").
-export([start_link/2, init/3, loop/2, system_continue/3, system_terminate/4,
         system_code_change/4]).

start_link(Name, N) -> proc_lib:start_link(?MODULE, init, [self(), Name, N]).

init(Parent, Name, N) ->
    try register(Name, self()) of
        true ->
            proc_lib:init_ack({ok, self()}),
            ?MODULE:loop(Parent, #{measured => N})
    catch
        error:badarg -> proc_lib:init_ack({error, {already_started, whereis(Name)}})
    end.

loop(Parent, #{measured := N} = State) ->
    receive
        {system, From, Request} ->
            sys:handle_system_msg(Request, From, Parent, ?MODULE, [], State);
        {From, Tag, More} when is_pid(From), is_reference(Tag), is_integer(More) ->
            From ! {Tag, N + More},
            loop(Parent, State#{measured := N + More})
    end.

system_continue(Parent, _, State) -> ?MODULE:loop(Parent, State).

system_terminate(Reason, _, _, _) -> exit(Reason).

system_code_change(_, _, _, _) -> error(undef).
