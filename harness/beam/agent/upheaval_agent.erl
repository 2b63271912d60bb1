%% The harness's agent on a real node: it does what the harness asks for, one
%% thing after the other, beside the processes that it does it to. What is done
%% and in which order is decided in Rust; nothing here knows a plan.
%%
%% A request is {upheaval, From, Ref, Before, Request}: the requests Before, whose
%% answers nobody needs, and then the one that is answered with {Ref, Answer}.
-module(upheaval_agent).
-export([start/0]).

start() ->
    Starter = self(),
    {Pid, Monitor} = spawn_monitor(fun() ->
        register(?MODULE, self()),
        Starter ! {self(), upheaval_tracer:patterns()},
        loop(#{case_ => none, beams => #{}, deployed => #{}, codes => #{}})
    end),
    receive
        {Pid, Answer} -> demonitor(Monitor, [flush]), Answer;
        {'DOWN', Monitor, _, _, Why} -> {error, Why}
    end.

loop(State) ->
    receive
        {upheaval, From, Ref, Before, Request} when not is_map_key(harness, State) ->
            erlang:monitor_node(node(From), true),
            self() ! {upheaval, From, Ref, Before, Request},
            loop(State#{harness => node(From), guard => start_guard(node(From))});
        {upheaval, From, Ref, Before, Request} ->
            {Answer, Next} = all(Before, Request, State),
            From ! {Ref, upheaval_plain:plain(Answer)},
            let_go(Request, Next),
            loop(Next);
        %% A node that was started with a release is not used again.
        {nodedown, _} when is_map_key(releases, State) ->
            ok;
        {nodedown, _} ->
            leave(State);
        _ ->
            loop(State)
    end.

%% Where something fails that nobody waits for, whoever waits next is told.
all([], Request, State) -> handle(Request, State);
all([First | Rest], Request, State) ->
    case handle(First, State) of
        {{failed, _, _, _}, _} = Failed -> Failed;
        {_, Next} -> all(Rest, Request, Next)
    end.

handle(Request, State) ->
    try do(Request, State)
    catch Class:Reason:Stack -> {{failed, Class, Reason, Stack}, State}
    end.

%%% Cases

%% The modules of a scenario, with the folder that they are loaded from.
do({setup, Folder, Beams}, State) ->
    %% It is there already where the node has restarted.
    true = lists:member(file:make_dir(Folder), [ok, {error, eexist}]),
    true = code:add_patha(Folder),
    {ok, State#{folder => Folder, beams => maps:from_list(Beams),
                baseline => baseline()}};
%% A new tracer, the first versions, the supervisors, the strays and the clients.
do({begin_case, Loads, Starts, Clients}, State) ->
    begin_case(fun(Case) -> first_versions(Loads, Case) end, Loads, Starts, Clients, traced_case(Starts, State));
%% The same on a node that runs a release, whose modules and applications are the first;
%% or that runs it again, since it has restarted.
do({begin_release, Began, Releases, Loads, Applications, Starts, Clients}, State) ->
    #{tracer := Tracer} = Case = traced_case(Starts, State),
    upheaval_tracer:watch_handler(Tracer, Applications),
    upheaval_releases:start_heart(),
    case Began of restarted -> note({restarted}, Case); started -> ok end,
    #{folder := Folder} = Case,
    [file:delete(File) || File <- filelib:wildcard(filename:join(Folder, "*.beam"))],
    Known = maps:from_list([{Vsn, maps:from_list(Versions)} || {Vsn, Versions} <- Releases]),
    First = fun(C) -> first_release(Loads, C) end,
    begin_case(First, Loads, Starts, Clients, Case#{releases => Known, applications => Applications});
do({'begin', Op}, State) -> {note({op_begins, Op}, State), State};
do({'end', Result}, State) -> {note({op_ends, Result}, State), State};
do({note, What}, State) -> {note(What, State), State};
do(clock, State) -> {erlang:monotonic_time(millisecond), State};
do({yield, Times}, State) -> [erlang:yield() || _ <- lists:seq(1, Times)], {ok, State};

%%% Traffic

do({request, Client, Kind, To, Payload, Timeout}, #{clients := Clients} = State) ->
    case Clients of
        #{Client := Pid} -> Pid ! {request, Kind, To, Payload, Timeout}, {ok, State};
        _ -> {{error, noproc}, State}
    end;
%% As {request, ...}, unless the client has not come to the end of its last one.
do({request_if_idle, Client, Kind, To, Payload, Timeout}, #{clients := Clients} = State) ->
    #{Client := Pid} = Clients,
    case upheaval_look:is_idle_client(Pid) of
        true -> do({request, Client, Kind, To, Payload, Timeout}, State);
        false -> {busy, State}
    end;

%%% Code

do({deploy, Module, Vsn}, State0) ->
    #{deployed := Deployed, tracer := Tracer} = State = noticed(Module, State0),
    upheaval_tracer:deployed(Tracer, Module, Vsn),
    ok = file:write_file(beam_file(Module, State), beam(Module, Vsn, State)),
    {ok, State#{deployed := Deployed#{Module => Vsn}}};
%% What lies at a module's place, and is to be loaded next, comes to harm.
do({damage, Module, missing}, State) ->
    ok = file:delete(beam_file(Module, State)),
    {ok, State};
do({damage, Module, truncated}, State) ->
    File = beam_file(Module, State),
    {ok, Beam} = file:read_file(File),
    ok = file:write_file(File, binary:part(Beam, 0, byte_size(Beam) div 2)),
    {ok, State};
do({swap, Module, Other, Vsn}, State) ->
    ok = file:write_file(beam_file(Module, State), beam(Other, Vsn, State)),
    {ok, State};
do({load_file, Module}, State) ->
    loaded(Module, fun() -> load_file(Module) end, keeps_old, State);
%% As c:l/1 does it.
do({shell_load, Module}, State) ->
    loaded(Module, fun() -> code:purge(Module), load_file(Module) end, purges, State);
do({load_binary, Module}, State) ->
    File = beam_file(Module, State),
    {ok, Beam} = file:read_file(File),
    Load = fun() -> code:load_binary(Module, File, Beam) end,
    loaded(Module, fun() -> upheaval_loader:load(Module, Load) end, purges, State);
do({purge, Module}, State) ->
    Result = code:purge(Module),
    {Result, forget_old(Module, State)};
do({soft_purge, Module}, State) ->
    case code:soft_purge(Module) of
        true -> {true, forget_old(Module, State)};
        false -> {false, State}
    end;
do({delete, Module}, State0) ->
    #{codes := Codes} = State = noticed(Module, State0),
    case Codes of
        #{Module := {none, _}} -> {code:delete(Module), State};
        #{Module := {Current, _}} ->
            case code:delete(Module) of
                true ->
                    note({deleted, Module, Current}, State),
                    {true, State#{codes := Codes#{Module => {none, Current}}}};
                false -> {false, State}
            end;
        %% Of a module that was ever loaded it would be true: but that was in an
        %% earlier case.
        _ -> {false, State}
    end;
do({stick, Module}, State) -> {code:stick_mod(Module), State};
do({unstick, Module}, State) -> {code:unstick_mod(Module), State};
do({lingers, Module}, State) ->
    {lists:any(fun({Pid, _}) -> is_process_alive(Pid) andalso erlang:check_process_code(Pid, Module) =:= true end,
               workload(State)), State};
%% What is loaded of each module: its current version, and whether there is old code.
do({loaded, Modules}, State0) ->
    #{codes := Codes} = State = asked(Modules, State0),
    Current = fun(M) -> case Codes of #{M := {Vsn, _}} -> Vsn; _ -> none end end,
    {[{M, Current(M), erlang:check_old_code(M)} || M <- Modules], State};
do({current_vsn, Module}, State0) ->
    #{codes := Codes} = State = asked([Module], State0),
    {case Codes of #{Module := {Vsn, _}} -> Vsn; _ -> none end, State};

%%% Releases

%% A function of the release handler, on the release Vsn: what it returns, and how the
%% node starts anew for it, if it does.
do({release, Function, Arg, Vsn}, State) ->
    #{tracer := Tracer, releases := Releases} = State,
    Installs = Function =:= install_release andalso is_map_key(Vsn, Releases),
    New = case Installs of true -> maps:get(Vsn, Releases); false -> none end,
    {Result, Done} = moved(New, fun() -> upheaval_releases:step(Function, Arg) end, State),
    MayRestart = Installs orelse Result =:= ok,
    {{Result, MayRestart andalso upheaval_releases:is_restarting(Tracer)}, Done};
%% The same on an application, whose modules have these versions then.
do({application, Function, App, Dir, Versions0}, State) ->
    #{tracer := Tracer} = State,
    Step = fun() -> upheaval_releases:application_step(Function, App, Dir, Tracer) end,
    moved(maps:from_list(Versions0), Step, State);
%% Something else lies where the release handler is to find a module's file, until it is done.
do({spoil, Dir, Module, What}, State) ->
    File = filename:join([code:root_dir(), "lib", Dir, "ebin", atom_to_list(Module) ++ ".beam"]),
    case file:read_file(File) of
        {ok, Beam} ->
            ok = lies(What, File, Beam, State),
            {ok, State#{spoilt => {Module, What, File, Beam}}};
        %% The release was not unpacked, or is removed.
        {error, enoent} -> {ok, State}
    end;
%% What was traced is fetched, and the node may restart: once this is answered.
do(let_go, State) -> {ok, State};
%% What the release handler goes by: the release that runs, and the folders of applications.
do(believed, #{applications := Applications} = State) ->
    {{upheaval_releases:latest(), upheaval_releases:folders([App || {App, _} <- Applications])}, State};
do(releases, #{applications := Applications} = State) ->
    {{upheaval_releases:releases(), upheaval_releases:applications(Applications)}, State};

%%% Processes

do({sys, What, Process, Timeout}, State) ->
    Result = try {ok, system(What, Process, Timeout)}
             catch
                 exit:Why -> {exit, shown(Why)};
                 %% What a function raised that replaces a state.
                 error:{callback_failed, _, _} = Why -> {exit, Why}
             end,
    {Result, State};
do({children, Supervisor, Timeout}, State) ->
    Result = try {ok, gen_server:call(Supervisor, which_children, Timeout)}
             catch exit:Why -> {exit, Why}
             end,
    {Result, State};
do({whereis, Name}, State) -> {whereis(Name), State};
%% What each supervisor says of its children, if it would answer.
do(supervisors, State) ->
    {[{Pid, case upheaval_look:is_idle(Pid) of
                true -> {supervisor:which_children(Pid), supervisor:count_children(Pid)};
                %% It is suspended, frozen, or waits.
                false -> none
            end} || {Pid, supervisor} <- workload(State), is_process_alive(Pid)],
     State};
%% A call of the harness's own that is part of what happens.
do({call, Name, Request, Timeout}, State) ->
    note({telling, Name, Request}, State),
    Outcome = try {reply, gen_server:call(Name, Request, Timeout)}
              catch exit:{Reason, {gen_server, call, _}} -> {exit, Reason}
              end,
    note({told, Outcome}, State),
    {case Outcome of {reply, Reply} -> Reply; {exit, Why} -> {error, Why} end, State};
do({kill, Name, Timeout}, State) ->
    {case whereis(Name) of
         undefined -> {error, noproc};
         Pid ->
             Monitor = monitor(process, Pid),
             exit(Pid, kill),
             receive {'DOWN', Monitor, _, _, _} -> true
             after Timeout -> {error, timeout}
             end
     end, State};
do({exit, Name, Reason}, State) ->
    {case whereis(Name) of
         undefined -> {error, noproc};
         Pid -> exit(Pid, Reason)
     end, State};
do({freeze, Name}, State) ->
    {case whereis(Name) of
         undefined -> {error, noproc};
         Pid -> freeze(Pid, State)
     end, State};
do({thaw, Name}, State) ->
    {case whereis(Name) of
         undefined -> {error, noproc};
         Pid -> thaw(Pid, State)
     end, State};
%% No upgrade converts the state of who is frozen.
do(answer_for_frozen, State) ->
    [note({interfered, Pid}, State) || Pid <- upheaval_look:frozen()],
    {ok, State};
do({start, Name}, State) -> {start(Name, State), State};
do({sleep, Ms}, State) ->
    %% A timer never comes early: the time that is left of this millisecond is slept, too.
    {sleep(deadline(Ms + 1), State), State};

%%% Rest

%% Thaws whoever is frozen, resumes whoever is suspended and lets the clients come to the end of their
%% requests; then the whole system rests, or it does not.
%% Whether it rests; goes_on if there was not the time for all that the clients have to do.
do({settle, Ms}, #{clients := Clients, tracer := Tracer} = State) ->
    [thaw(Pid, State) || Pid <- upheaval_look:frozen()],
    Pids = [Pid || {_, Pid} <- lists:sort(maps:to_list(Clients))],
    Before = requests(Pids),
    Settles = settles(Pids, deadline(Ms), State),
    %% Calls that nobody answers end one after the other, each in its time.
    {case Settles orelse upheaval_tracer:is_full(Tracer) orelse requests(Pids) =:= Before of
        true -> Settles;
        false -> goes_on
    end, State};
do({rest, Ms}, State) -> {rests(deadline(Ms), State), State};
do(look, State0) ->
    #{codes := Codes} = State = asked(maps:keys(maps:get(codes, State0)), State0),
    {[upheaval_look:look(Pid, Module, Codes) || {Pid, Module} <- workload(State), is_process_alive(Pid)],
     State};
do(twice, #{tracer := Tracer} = State) -> {upheaval_begun:twice(upheaval_tracer:begun(Tracer)), State};
do(events, #{tracer := Tracer} = State) -> {upheaval_tracer:events(Tracer), State};

%%% Afterwards

%% Ends all that the case has left; gives what is still there that was not there
%% before it: nothing, if the node is as good as new.
do(end_case, State) ->
    Ended = end_case(State),
    {leftovers(maps:get(baseline, Ended)), Ended};
do(Other, State) -> {{failed, error, {unknown_request, Other}, []}, State}.

%% Again while there is somebody to resume: a suspend that nobody waited for may take effect late.
settles(Clients, Deadline, State) ->
    resume_all(State),
    Synced = [sync(Pid, Deadline, State) || Pid <- Clients],
    case lists:all(fun(S) -> S end, Synced) andalso rests(Deadline, State) of
        true ->
            suspended(State) =:= [] orelse
                (not is_enough(Deadline, State) andalso settles(Clients, Deadline, State));
        false ->
            false
    end.

%% How many requests each client has not begun.
requests(Clients) ->
    [case process_info(Pid, messages) of
        {messages, Messages} -> length([Request || Request <- Messages, element(1, Request) =:= request]);
        undefined -> 0
    end || Pid <- Clients].

resume_all(State) -> [catch sys:resume(Pid, 5000) || Pid <- suspended(State)].

suspended(State) -> [Pid || {Pid, _} <- workload(State), upheaval_look:is_suspended(Pid)].

freeze(Pid, State) ->
    try erlang:suspend_process(Pid, [unless_suspending]) of
        true -> note({frozen, Pid}, State), true;
        false -> false
    catch error:badarg -> {error, noproc}
    end.

thaw(Pid, State) ->
    case lists:member(Pid, upheaval_look:frozen()) of
        true ->
            note({thawed, Pid}, State),
            %% It may have died meanwhile.
            try erlang:resume_process(Pid) catch error:badarg -> false end;
        false -> false
    end.

%% Does what moves code to some versions, or to none, and keeps the books of it. What the
%% new versions leave out goes by its old one: it is removed, and may be called once more.
moved(New0, Step, #{tracer := Tracer, versions := Versions} = State) ->
    New = case New0 of none -> Versions; _ -> maps:merge(Versions, New0) end,
    #{codes := Before} = Asked = ask_codes(State),
    Found = found(New, State),
    upheaval_tracer:on_load(Found),
    upheaval_tracer:books(Tracer, Found, Before),
    Result = Step(),
    mend(State),
    %% Which version the old code is, only who saw it being loaded knows.
    #{codes := Codes} = Done = ask_codes(Asked#{codes := upheaval_tracer:books(Tracer)}),
    [upheaval_tracer:again(M, Current)
     || New0 =/= none, {M, {Current, _}} <- maps:to_list(Codes), Current =/= none],
    %% What failed before the point of no return has changed no code path.
    Runs = case Result of
        {Failed, _} when Failed =:= error; Failed =:= exit -> Versions;
        _ -> New
    end,
    upheaval_tracer:on_load(Runs),
    upheaval_tracer:books(Tracer, Runs, Codes),
    {Result, maps:remove(spoilt, Done#{versions := Runs})}.

%% What lies in the place of a file whose version can be read; in a part of one that always
%% can, since nothing that is left out is needed for it.
lies(missing, File, _, _) -> file:delete(File);
lies(truncated, File, Beam, _) ->
    Half = binary:part(Beam, 0, byte_size(Beam) div 2),
    Part = case beam_lib:version(Half) of
        {ok, _} -> Half;
        _ -> binary:part(Beam, 0, byte_size(Beam) - 1)
    end,
    file:write_file(File, Part);
lies({artifact, Module, Vsn}, File, _, State) -> file:write_file(File, beam(Module, Vsn, State)).

mend(#{spoilt := {_, _, File, Beam}}) -> ok = file:write_file(File, Beam);
mend(_) -> ok.

%% The versions of modules as the release handler finds them.
found(New, #{spoilt := {Module, {artifact, Module, Vsn}, _, _}}) -> New#{Module => Vsn};
found(New, _) -> New.

let_go(let_go, #{tracer := Tracer}) -> upheaval_tracer:let_go(Tracer);
let_go(_, _) -> ok.

traced_case(Starts, State) ->
    Agent = self(),
    Tracer = upheaval_tracer:start(),
    Root = spawn(fun() -> root(Agent) end),
    upheaval_tracer:watch(Tracer, Root),
    upheaval_tracer:names(Tracer, Starts),
    Case = State#{case_ => Tracer, tracer => Tracer, root => Root, starts => maps:from_list(Starts),
                  codes => #{}, deployed => #{}},
    guard(Case, State),
    Case.

first_versions(Loads, State) ->
    lists:foldl(fun({Module, Vsn}, S0) ->
        {ok, S1} = do({deploy, Module, Vsn}, S0),
        case do({load_file, Module}, S1) of
            {{module, Module}, S2} -> S2;
            {{error, Why}, _} -> throw({error, Module, Why})
        end
    end, State, Loads).

%% The modules are where the release has them. What nobody runs yet is loaded by the
%% node itself when it is called for the first time.
first_release(Loads, #{releases := Releases, applications := Applications} = State) ->
    Versions = maps:get(upheaval_releases:running(), Releases),
    upheaval_tracer:on_load(Versions),
    [begin
         Vsn = maps:get(Module, Versions),
         note({loads, Module, Vsn, none}, State),
         Result = code:load_file(Module),
         note({loaded, Module, Vsn, Result, false, false}, State),
         Result =:= {module, Module} orelse throw({error, Module, element(2, Result)})
     end || Module <- Loads, is_map_key(Module, Versions)],
    #{tracer := Tracer, codes := Codes} = Case = ask_codes(State#{versions => Versions}),
    upheaval_tracer:books(Tracer, Versions, Codes),
    Loaded = [App || {App, _, _} <- application:loaded_applications()],
    [case upheaval_releases:start_application(App, Top) of
         {ok, _} -> ok;
         Other -> throw({error, App, Other})
     end || {App, Top} <- Applications, lists:member(App, Loaded)],
    Case.

%% What is loaded of modules, where the node can have loaded them by itself.
asked(_, #{releases := _} = State) -> ask_codes(State);
asked(Modules, State) -> lists:foldl(fun noticed/2, State, Modules).

%% The release handler moves code, too: there the books are kept by asking.
ask_codes(#{releases := Releases, codes := Before} = State) ->
    Modules = lists:usort(lists:append([maps:keys(Versions) || Versions <- maps:values(Releases)])),
    Codes = upheaval_releases:codes(Modules, Before),
    %% What was loaded in another way has been seen already.
    [note({autoloaded, M, Vsn}, State) || {M, {Vsn, _}} <- maps:to_list(Codes), Vsn =/= none,
                                          element(1, maps:get(M, Before, {none, none})) =:= none],
    State#{codes := Codes}.

begin_case(First, Loads, Starts, Clients, State0) ->
    try
        State1 = First(State0),
        [case start(Name, State1) of
             {ok, _} -> ok;
             Other -> throw({error, Name, Other})
         end || {Name, Start} <- Starts, element(1, Start) =/= application],
        Pids = maps:from_list([{N, start_client(N, State1)} || N <- lists:seq(1, Clients)]),
        {ok, State1#{clients => Pids}}
    catch
        %% Whatever was put on the node until then is taken off again; what a release has, is not.
        Class:Why:Stack ->
            Deployed = maps:from_list([Load || {_, _} = Load <- Loads]),
            Ended = end_case(State0#{clients => #{}, deployed => Deployed}),
            case Class of
                throw -> {Why, Ended};
                _ -> {{failed, Class, Why, Stack}, Ended}
            end
    end.

note(What, #{tracer := Tracer}) -> upheaval_tracer:note(Tracer, What).

workload(#{tracer := Tracer}) -> upheaval_tracer:workload(Tracer).

beam(Module, Vsn, #{beams := Beams}) -> maps:get({Module, Vsn}, Beams).

beam_file(Module, #{folder := Folder}) -> filename:join(Folder, atom_to_list(Module) ++ ".beam").

load_file(Module) ->
    upheaval_loader:load(Module, fun() -> code:load_file(Module) end).

%% Loads, with the books kept of which version is current and which is old. Some
%% loads purge first: up to OTP 25 even if they fail then (A2), so it is asked.
loaded(Module, Load, Purges, State0) ->
    ok = upheaval_loader:await_on_load(Module),
    #{deployed := Deployed, codes := Codes} = State = noticed(Module, State0),
    Vsn = maps:get(Module, Deployed, none),
    {Current, Old} = maps:get(Module, Codes, {none, none}),
    upheaval_tracer:on_load(Module, Vsn),
    note({loads, Module, Vsn, case Purges of purges -> Old; keeps_old -> none end}, State),
    {Result, WasLoaded} = Load(),
    on_autoload(State),
    HasOld = erlang:check_old_code(Module),
    IsCalled = Current =:= none andalso WasLoaded,
    note({loaded, Module, Vsn, Result, HasOld, IsCalled}, State),
    case Result of
        %% Somebody had called it since it was looked at, and so loaded this very version.
        {module, Module} when IsCalled ->
            {Result, State#{codes := Codes#{Module => {Vsn, Vsn}}}};
        %% What is loaded in place of nothing leaves the old code as it was.
        {module, Module} when Current =:= none, HasOld ->
            {Result, State#{codes := Codes#{Module => {Vsn, Old}}}};
        {module, Module} ->
            {Result, State#{codes := Codes#{Module => {Vsn, Current}}}};
        %% A module that was never there is still unknown.
        _ when not is_map_key(Module, Codes) ->
            {Result, State};
        _ ->
            [upheaval_tracer:again(Module, Current) || Current =/= none],
            Left = case HasOld of true -> Old; false -> none end,
            {Result, State#{codes := Codes#{Module => {Current, Left}}}}
    end.

on_autoload(#{versions := Versions}) ->
    upheaval_tracer:on_load(Versions);
on_autoload(_) -> upheaval_tracer:on_autoload().

%% What nobody has loaded and is there all the same was loaded for whoever called it:
%% as long as a module is deleted, that is found out before anything is done with it.
noticed(Module, #{codes := Codes, deployed := Deployed, tracer := Tracer} = State)
  when is_map_key(Module, Deployed) ->
    {Current, Old} = maps:get(Module, Codes, {none, none}),
    case Current =:= none andalso erlang:module_loaded(Module) of
        true ->
            Vsn = maps:get(Module, Deployed),
            upheaval_tracer:again(Module, Vsn),
            note({autoloaded, Module, Vsn}, State),
            %% All that has been traced of it until now has been seen by then.
            _ = upheaval_tracer:count(Tracer),
            State#{codes := Codes#{Module => {Vsn, Old}}};
        false -> State
    end;
noticed(_, State) -> State.

forget_old(Module, #{codes := Codes} = State) ->
    case Codes of
        #{Module := {_, none}} -> State;
        #{Module := {Current, Old}} ->
            note({purged, Module, Old}, State),
            State#{codes := Codes#{Module := {Current, none}}};
        _ -> State
    end.

%%% System messages

system({replace_state, To}, Process, Timeout) ->
    sys:replace_state(Process, fun(_) -> To end, Timeout);
system({fail_to_replace, Why}, Process, Timeout) ->
    sys:replace_state(Process, fun(_) -> error(Why) end, Timeout);
%% The process dictionary is in no order, and the debug options are OTP's own.
system({get_status}, Process, Timeout) ->
    {status, Pid, Module, [_, State, Parent, _, Misc]} = sys:get_status(Process, Timeout),
    {status, Pid, Module, [State, Parent, Misc]};
%% What no function of sys sends.
system({other, Message}, Process, Timeout) ->
    {ok, Answer} = gen:call(Process, system, Message, Timeout),
    Answer;
system(What, Process, Timeout) ->
    [Function | Args] = tuple_to_list(What),
    apply(sys, Function, [Process | Args] ++ [Timeout]).

%% The function that replaces a state is the agent's own.
shown({Why, {sys, {replace_state, _}, Args}}) ->
    {Why, {sys, {replace_state, 'fun'}, Args}};
shown(Why) ->
    Why.

%%% Starting, by a process of its own: the workload is not linked to the agent,
%%% and what is traced is traced from its birth.

start(Name, #{starts := Starts} = State) ->
    case Starts of
        #{Name := {application, App, _}} -> upheaval_releases:start_application(App, Name);
        #{Name := Start} -> ask_root({start, Name, Start}, State);
        _ -> {error, noproc}
    end.

start_client(Number, State) ->
    Name = list_to_atom("client_" ++ integer_to_list(Number)),
    ask_root({client, Name}, State).

ask_root(Request, #{root := Root}) ->
    Ref = monitor(process, Root),
    Root ! {Request, Ref},
    receive
        {Ref, Answer} -> demonitor(Ref, [flush]), Answer;
        {'DOWN', Ref, _, _, Why} -> {error, {root_down, Why}}
    end.

root(Agent) ->
    process_flag(trap_exit, true),
    root_loop(Agent).

root_loop(Agent) ->
    receive
        {{start, Name, Start}, Ref} -> Agent ! {Ref, start_by_hand(Name, Start)};
        {{client, Name}, Ref} -> Agent ! {Ref, spawn(upheaval_client, start, [Name])};
        {'EXIT', _, _} -> ok
    end,
    root_loop(Agent).

start_by_hand(Name, Start) ->
    Result =
        try
            {Module, Args} = Start,
            Module:start_link(Name, Args)
        catch error:Why:Stack -> {error, {Why, Stack}}
        end,
    case Result of
        {ok, Pid} -> unlink(Pid);
        _ -> ok
    end,
    Result.

%%% Rest, found by asking

deadline(Ms) -> erlang:monotonic_time(millisecond) + Ms.

is_over(Deadline) -> erlang:monotonic_time(millisecond) >= Deadline.

%% When it is waited no longer: at a time, or once so much has happened.
is_enough(Deadline, #{tracer := Tracer}) -> is_over(Deadline) orelse upheaval_tracer:is_full(Tracer).

%% How long nobody looks whether it is enough: what is left of the time, or a part of it.
until_next_look(Deadline) ->
    min(100, max(0, Deadline - erlang:monotonic_time(millisecond))).

sleep(Deadline, State) ->
    receive after until_next_look(Deadline) -> ok end,
    case is_enough(Deadline, State) of
        true -> ok;
        false -> sleep(Deadline, State)
    end.

sync(Client, Deadline, State) ->
    Ref = monitor(process, Client),
    Client ! {sync, self(), Ref},
    synced(Ref, Deadline, State).

synced(Ref, Deadline, State) ->
    receive
        {Ref, synced} -> demonitor(Ref, [flush]), true;
        {'DOWN', Ref, _, _, _} -> true
    after until_next_look(Deadline) ->
        %% Who is suspended now does not answer, and each call of it waits its time.
        resume_all(State),
        case is_enough(Deadline, State) of
            true -> false;
            false -> synced(Ref, Deadline, State)
        end
    end.

%% The system rests when everybody waits, and between two looks at them nothing
%% happened: no message was sent, nobody was spawned, nobody ended. Nobody knows that of a
%% system of which no more is kept.
rests(Deadline, #{tracer := Tracer} = State) ->
    rests(Deadline, none, State) andalso not upheaval_tracer:is_full(Tracer).

rests(Deadline, Before, #{tracer := Tracer} = State) ->
    Count = upheaval_tracer:count(Tracer),
    OnLoads = upheaval_look:on_loads(),
    Frozen = upheaval_look:frozen(),
    Looks = [upheaval_look:glance(Pid, Frozen) || Pid <- OnLoads ++ [P || {P, _} <- workload(State)]],
    Now = {Count, Looks},
    Waiting = lists:all(fun(Look) -> upheaval_look:waits(Look, OnLoads) end, Looks),
    case Waiting andalso Now =:= Before of
        true -> true;
        false ->
            case is_enough(Deadline, State) of
                true -> false;
                false ->
                    erlang:yield(),
                    rests(Deadline, Now, State)
            end
    end.

%%% Cleaning up

%% While the agent waits for a process of the workload, it does not see that the harness
%% is gone. So somebody else does, and ends the workload: what is awaited ends with it.
start_guard(Harness) ->
    spawn(fun() ->
        erlang:monitor_node(Harness, true),
        guard_loop(none)
    end).

guard(none, #{guard := Guard}) -> Guard ! {case_, none};
guard(Case, #{guard := Guard}) -> Guard ! {case_, maps:with([tracer, root], Case)}.

guard_loop(Case) ->
    receive
        {case_, Next} -> guard_loop(Next);
        {nodedown, _} when Case =/= none ->
            end_process(maps:get(root, Case)),
            end_workload(Case);
        {nodedown, _} -> ok
    end.

%% The harness is gone, in the middle of a case perhaps: the node is left as it was.
leave(State) ->
    end_case(State),
    case State of
        #{folder := Folder} -> code:del_path(Folder);
        _ -> ok
    end,
    upheaval_tracer:clear(),
    Own = [upheaval_releases, upheaval_plain, upheaval_look, upheaval_begun, upheaval_supervisor, upheaval_client, upheaval_tracer, ?MODULE],
    [code:delete(M) || M <- Own],
    %% From here on this is old code, which a process that runs none of it purges. The
    %% name is free once this process has ended: whoever waits for that can load anew.
    spawn(lists, foreach, [fun code:purge/1, Own]).

end_case(#{case_ := none} = State) -> State;
end_case(#{tracer := Tracer, root := Root, codes := Codes} = State) ->
    erlang:trace_pattern(on_load, false, [local]),
    end_process(Root),
    end_workload(State),
    guard(none, State),
    upheaval_tracer:stop(Tracer),
    [begin code:unstick_mod(M), code:purge(M), code:delete(M), code:purge(M) end
     || M <- lists:usort(maps:keys(Codes) ++ maps:keys(maps:get(deployed, State)))],
    [file:delete(beam_file(M, State)) || M <- maps:keys(maps:get(deployed, State))],
    flush(),
    maps:without([tracer, root, clients, starts], State#{case_ := none}).

%% What is ended may have been spawning: until nobody is left.
end_workload(State) ->
    case [Pid || {Pid, _} <- workload(State), is_process_alive(Pid)] of
        [] -> ok;
        Alive ->
            [end_process(Pid) || Pid <- Alive],
            end_workload(State)
    end.

end_process(Pid) ->
    Monitor = monitor(process, Pid),
    exit(Pid, kill),
    receive {'DOWN', Monitor, _, _, _} -> ok end.

%% Late answers go; requests, and word that the harness is gone, do not.
flush() ->
    receive
        {Ref, _} when is_reference(Ref) -> flush();
        {[alias | _], _} -> flush();
        {'DOWN', _, _, _, _} -> flush()
    after 0 -> ok
    end.

baseline() ->
    #{processes => processes(),
      registered => [{Name, whereis(Name)} || Name <- registered()],
      tables => ets:all(),
      ports => erlang:ports(),
      modules => [{M, erlang:get_module_info(M, md5)} || {M, _} <- code:all_loaded()],
      persistent => [{Key, erlang:phash2(Value)} || {Key, Value} <- persistent_term:get()],
      settings => [{App, Setting} || {App, _, _} <- application:loaded_applications(),
                                     Setting <- application:get_all_env(App)],
      paths => code:get_path()}.

%% Some of the node's own processes come and go: what is left counts only if it
%% stays.
leftovers(Baseline) -> leftovers(Baseline, deadline(500)).

leftovers(Baseline, Deadline) ->
    Now = baseline(),
    Left = lists:append([changed(What, maps:get(What, Now), Before) || {What, Before} <- maps:to_list(Baseline)]),
    case Left =:= [] orelse is_over(Deadline) of
        true -> Left;
        false -> erlang:yield(), leftovers(Baseline, Deadline)
    end.

%% What is there that was not, and what is not there that was.
changed(What, Now, Before) ->
    [{left, What, Item} || Item <- Now -- Before, not is_expected(What, Item)] ++
    [{gone, What, Item} || Item <- Before -- Now, not comes_and_goes(What)].

%% The node loads its own modules when it first needs them.
is_expected(modules, {Module, _}) -> is_of_node(Module);
is_expected(_, _) -> false.

%% A nameless process of the node may have had something to do.
comes_and_goes(What) -> What =:= processes orelse What =:= ports.

is_of_node(Module) ->
    case code:which(Module) of
        File when is_list(File) -> lists:prefix(code:root_dir() ++ "/", File);
        _ -> false
    end.
