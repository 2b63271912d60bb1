%% A client: it makes the requests that it is handed, one after the other. It is
%% traced like the workload; what a trace cannot show it says with note/1, whose
%% calls are traced.
-module(upheaval_client).
-export([start/1, note/1]).

start(Name) ->
    register(Name, self()),
    loop().

loop() ->
    receive
        {request, Kind, To, Payload, Timeout} ->
            request(Kind, To, Payload, Timeout),
            loop();
        {sync, From, Ref} ->
            From ! {Ref, synced},
            loop();
        {Ref, Reply} when is_reference(Ref) ->
            note({late, Ref, Reply}),
            loop();
        _ ->
            loop()
    end.

%% gen_server:call is traced, and with it how the call ended.
request(call, To, Payload, Timeout) ->
    try gen_server:call(To, Payload, Timeout) catch exit:_ -> ok end;
request(cast, To, Payload, _) ->
    case whereis(To) of
        undefined -> note({unsent, cast, Payload});
        Pid -> gen_server:cast(Pid, Payload)
    end;
request(send, To, Payload, _) ->
    case whereis(To) of
        undefined -> note({unsent, info, Payload});
        Pid -> Pid ! Payload
    end;
request(notify, To, Payload, _) ->
    case whereis(To) of
        undefined -> note({unsent, notify, Payload});
        Pid -> gen_event:notify(Pid, Payload)
    end;
%% What the functions of gen_event send, with a timeout of their own.
request(manage, To, Payload, Timeout) ->
    note({managing, Payload}),
    Outcome = try gen:call(To, self(), Payload, Timeout) of
        {ok, Reply} -> {reply, Reply}
    catch
        exit:Why -> {exit, Why}
    end,
    note({managed, Outcome});
request(ask, To, Payload, Timeout) ->
    case whereis(To) of
        undefined -> note({unsent, ask, Payload});
        Pid -> ask(Pid, Payload, Timeout)
    end.

ask(Pid, Payload, Timeout) ->
    Ref = monitor(process, Pid),
    Pid ! {self(), Ref, Payload},
    receive
        {Ref, Reply} ->
            demonitor(Ref, [flush]),
            note({answered, Ref, {reply, Reply}});
        {'DOWN', Ref, process, _, Reason} ->
            note({answered, Ref, {exit, Reason}})
    after Timeout ->
        demonitor(Ref, [flush]),
        note({answered, Ref, timeout})
    end.

note(_) ->
    ok.
