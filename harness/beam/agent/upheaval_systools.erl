%% Makes releases with systools, on a node that has sasl: .rel files, boot scripts,
%% relups and tarballs. It runs where modules are compiled, not where they are tested.
-module(upheaval_systools).
-export([make/3]).

%% Folder holds lib/App-Vsn/ebin. Releases are {Vsn, [{App, AppVsn}]}, oldest first.
%% Each comes to lie in Folder/rel/Vsn, its tarball among the rest.
make(Folder, Name, Releases) ->
    try
        Rels = [rel(Folder, Name, Vsn, Apps) || {Vsn, Apps} <- Releases],
        [ok = script(Folder, Rel) || Rel <- Rels],
        [ok = relup(Folder, Rel, lists:sublist(Rels, N - 1)) || {N, Rel} <- lists:enumerate(Rels)],
        [ok = tarball(Folder, Rel, Apps) || {Rel, {_, Apps}} <- lists:zip(Rels, Releases)],
        {ok, code:root_dir(), erlang:system_info(version), [filename:basename(code:lib_dir(A)) || A <- base()]}
    catch
        throw:{What, Release, Module, Error} ->
            {error, What, Release, unicode:characters_to_binary(Module:format_error(Error))}
    end.

%% What every release has.
base() -> [kernel, stdlib, sasl].

rel(Folder, Name, Vsn, Apps) ->
    File = filename:join([Folder, "rel", Vsn, Name ++ "-" ++ Vsn]),
    %% The workload is started by the agent, which traces it from its birth.
    ok = rel_file(File, Name, Vsn, Apps, load),
    %% What a relup starts is started then; its end does not end the node.
    ok = rel_file(for_relup(File), Name, Vsn, Apps, temporary),
    ok = file:write_file(filename:join(filename:dirname(File), "sys.config"), "[].\n"),
    File.

rel_file(File, Name, Vsn, Apps, Type) ->
    All = [{App, vsn(App)} || App <- base()] ++ [{App, AppVsn, Type} || {App, AppVsn} <- Apps],
    Rel = {release, {Name, Vsn}, {erts, erlang:system_info(version)}, All},
    ok = filelib:ensure_dir(File),
    file:write_file(File ++ ".rel", io_lib:format("~tp.~n", [Rel])).

for_relup(File) ->
    filename:join([filename:dirname(File), "relup.d", filename:basename(File)]).

vsn(App) ->
    _ = application:load(App),
    {ok, Vsn} = application:get_key(App, vsn),
    Vsn.

path(Folder) ->
    {path, [filename:join([Folder, "lib", "*", "ebin"]) | [filename:join(code:lib_dir(App), "ebin") || App <- base()]]}.

script(Folder, Rel) ->
    done(make_script, Rel, systools:make_script(Rel, [path(Folder), silent, no_warn_sasl])).

%% Up from each earlier release, and down to it. Where no clause of an appup fits, the
%% relup has no way there, and the release handler says so.
relup(Folder, Rel, Earlier) ->
    Ups = [ways(Folder, Rel, [Other], []) || Other <- Earlier],
    Downs = [ways(Folder, Rel, [], [Other]) || Other <- Earlier],
    case [Relup || [Relup] <- Ups ++ Downs] of
        [] -> ok;
        [{Vsn, _, _} | _] = Relups ->
            Relup = {Vsn, lists:append([Up || {_, Up, _} <- Relups]), lists:append([Down || {_, _, Down} <- Relups])},
            file:write_file(filename:join(filename:dirname(Rel), "relup"), io_lib:format("~tp.~n", [Relup]))
    end.

ways(Folder, Rel, From, To) ->
    case systools:make_relup(for_relup(Rel), [for_relup(R) || R <- From], [for_relup(R) || R <- To],
                             [path(Folder), silent, noexec]) of
        {ok, Relup, _, _} -> [Relup];
        {error, Module, Error} ->
            is_no_way(Error) orelse throw({make_relup, Rel, Module, Error}),
            []
    end.

is_no_way({no_relup, _, _, _}) -> true;
is_no_way(_) -> false.

%% What every node has already does not go into the tarball. The appups do, which only
%% upgrade_app reads.
tarball(Folder, Rel, Apps) ->
    Appups = [appup(Folder, App, Vsn) || {App, Vsn} <- Apps],
    Options = [path(Folder), silent, no_warn_sasl, {variables, [{"OTP", code:root_dir()}]}, {var_tar, omit},
               {extra_files, [Appup || {From, _} = Appup <- Appups, filelib:is_regular(From)]}],
    done(make_tar, Rel, systools:make_tar(Rel, Options)).

appup(Folder, App, Vsn) ->
    Lib = filename:join("lib", lists:concat([App, "-", Vsn])),
    Appup = filename:join([Lib, "ebin", lists:concat([App, ".appup"])]),
    {filename:join(Folder, Appup), Appup}.

done(_, _, {ok, _, _}) -> ok;
done(_, _, ok) -> ok;
done(What, Rel, {error, Module, Error}) -> throw({What, Rel, Module, Error}).
