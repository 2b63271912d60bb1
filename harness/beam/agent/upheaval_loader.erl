%% Loads beside processes that have modules loaded by calling them. The code server of OTP 25
%% lets a load wait for the module's on_load function that runs; and if the load that waited
%% has one, too, it forgets who asked for it. So it is only asked while none of the module
%% runs, nor is about to.
-module(upheaval_loader).
-export([load/2, await_on_load/1]).

%% What Load gives, whose first request to the code server is to load the module; and whether
%% it was loaded right before.
load(Module, Load) ->
    ok = await_on_load(Module),
    Server = whereis(code_server),
    Before = upheaval_look:on_loads(),
    true = erlang:suspend_process(Server),
    case upheaval_look:on_loads() =:= Before andalso not is_asked_for(Module, Server) of
        true ->
            WasLoaded = erlang:module_loaded(Module),
            {Loader, Ref} = spawn_monitor(fun() -> exit({gives, Load()}) end),
            ok = await_request(Loader, Server),
            true = erlang:resume_process(Server),
            {gives, Result} = receive {'DOWN', Ref, process, _, How} -> How end,
            {Result, WasLoaded};
        false ->
            true = erlang:resume_process(Server),
            load(Module, Load)
    end.

%% Waits until no on_load function of the module runs.
await_on_load(Module) ->
    case on_loads_of(Module) of
        [] -> ok;
        [Pid | _] ->
            Ref = monitor(process, Pid),
            receive {'DOWN', Ref, process, _, _} -> await_on_load(Module) end
    end.

%% By the time of the answer the code server has done what it was asked for before.
on_loads_of(Module) ->
    {status, _, _, [_, _, _, _, State]} = sys:get_status(code_server),
    [Pid || Part <- tuple_to_list(State), is_list(Part), {{Pid, _}, M, _} <- Part, M =:= Module].

is_asked_for(Module, Server) ->
    [] =/= [Request || {_, Request} <- requests(Server), element(2, Request) =:= Module].

await_request(Loader, Server) ->
    case lists:keymember(Loader, 1, requests(Server)) orelse not is_process_alive(Loader) of
        true -> ok;
        false -> erlang:yield(), await_request(Loader, Server)
    end.

requests(Server) ->
    {messages, Messages} = process_info(Server, messages),
    [{From, Request} || {code_call, From, Request} <- Messages].
